// Plain JavaScript for the oldest Node: it must be able to say that this Node is too old. Loaded before the entry files.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 24 || (major === 24 && minor < 2)) {
  console.error(
    `Planwright needs Node 24 and this is ${process.versions.node}. Start it with npm (npm start), which brings its own Node; ` +
      'if that is what you did, run `npm ci` again with install scripts allowed.',
  )
  process.exit(1)
}
