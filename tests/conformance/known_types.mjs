/** The widgets and actions that the runtime knows: `node known_types.mjs RUNTIME` with the address of its folder. */

const [, , runtime] = process.argv;
const { ACTION_TYPES } = await import(`${runtime}/actions/run.js`);
const { knownTypes } = await import(`${runtime}/widgets/builder.js`);
await import(`${runtime}/widgets/all.js`);

process.stdout.write(JSON.stringify({ widgets: [...knownTypes()], actions: ACTION_TYPES }));
