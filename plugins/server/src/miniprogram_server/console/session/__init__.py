"""Who is signed in, and whether a change comes from a page of ours."""
