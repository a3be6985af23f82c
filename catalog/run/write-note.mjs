/** Adds a note to notes.json; a repeated attempt of the same task adds it once. */
import { editJson, statePath } from './state.mjs'
import { readHandover, runTask, TaskError } from './task.mjs'

await runTask(['text'], async ({ text }) => {
  if (!text.trim()) throw new TaskError('refused', 'The note is empty.')
  const { idempotencyKey } = await readHandover()
  return editJson(statePath('notes.json'), { notes: [] }, (file) => {
    if (!Array.isArray(file.notes)) throw new TaskError('refused', 'notes.json has no list of notes.')
    const isNew = !idempotencyKey || !file.notes.some((note) => note.key === idempotencyKey)
    if (isNew) file.notes.push({ key: idempotencyKey, at: new Date().toISOString(), text: text.trim() })
    return { file: 'notes.json', added: isNew, total: file.notes.length }
  })
})
