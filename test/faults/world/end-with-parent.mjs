// Loaded before a child's own program: whatever becomes of the tests, no child outlives them.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
// The channel alone is no reason to go on.
process.channel?.unref()
