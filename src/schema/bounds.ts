/** Bounds of inputs, checked before any work is spent on them. */
import { z } from 'zod'
import { checkText } from '../services/decomposition/bounded-text.ts'

/** A text that is not blank, of at most `most` code points. */
export const text = (most?: number) =>
  z.string().superRefine((value, context) => {
    const broken = checkText('', value, most)
    if (broken) context.addIssue({ code: 'custom', message: broken.message, params: { rule: broken.rule } })
  })

/** A text that may be blank, for notes and reasons. */
export const note = (most?: number) =>
  z.string().superRefine((value, context) => {
    const broken = checkText('', value, most)
    if (broken && broken.rule !== 'not_blank') context.addIssue({ code: 'custom', message: broken.message, params: { rule: broken.rule } })
  })

/** A person, as the caller names them. */
export const userId = text(200)

/** At most `most` items. */
export const listOf = (most: number, least = 0) =>
  z.array(z.unknown()).refine((list) => list.length >= least && list.length <= most, {
    error: `Send ${least} to ${most.toLocaleString('en-US')} at a time.`,
    params: { rule: 'count' },
  })

const deepestJson = 20

/** JSON that the database can hold: at most 64 KiB and 20 levels. */
export const json = z.unknown().superRefine((value, context) => {
  const refuse = (rule: string, message: string) => context.addIssue({ code: 'custom', message, params: { rule } })
  if (isDeeper(value, deepestJson)) refuse('depth', `Use at most ${deepestJson} levels.`)
  else if (JSON.stringify(value).length > 65_536) refuse('max_length', 'Use at most 65,536 characters of JSON.')
  else if (hasUnstorableText(value)) refuse('encoding', 'A text has a NUL character or half of a surrogate pair.')
})

const children = (value: unknown): unknown[] => (typeof value === 'object' && value !== null ? Object.values(value) : [])
const isDeeper = (value: unknown, levels: number): boolean =>
  levels < 0 || children(value).some((child) => isDeeper(child, levels - 1))
const isUnstorable = (value: string): boolean => value.includes('\0') || !value.isWellFormed()
const hasUnstorableText = (value: unknown): boolean =>
  typeof value === 'string'
    ? isUnstorable(value)
    : children(value).some(hasUnstorableText) ||
      (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).some(isUnstorable))

/** A JSON object, such as parameters by name. */
export const jsonObject = json.refine((value) => typeof value === 'object' && value !== null && !Array.isArray(value), {
  error: 'Send a JSON object.',
  params: { rule: 'type' },
})
