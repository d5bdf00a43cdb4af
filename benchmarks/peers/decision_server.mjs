// The peer of the delivery server: rules only.
import { serve } from "./manifest_server.mjs";

serve();
