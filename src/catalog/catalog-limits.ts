/** Sizes a catalog may have. They bound the work at load and per request, and lie far above what people maintain by hand. */
export const catalogLimits = {
  files: 200,
  fileBytes: 8 * 1024 * 1024,
  capabilities: 1_000,
  parameters: 40,
  enumValues: 1_000,
  aliases: 2_000,
  examples: 300,
  exampleLength: 500,
  descriptionLength: 1_000,
  wordsPerLanguage: 100,
  /** Faults reported at once; more do not help anybody. */
  faults: 100,
} as const
