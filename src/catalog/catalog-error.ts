/** One broken rule of a catalog: where it is and how to mend it. */
export type CatalogFault = { readonly file: string; readonly line: number; readonly field: string; readonly message: string }

/** The catalog breaks one or more rules. All faults of all files are reported together; nothing is loaded. */
export class CatalogError extends Error {
  override readonly name = 'CatalogError'
  readonly faults: readonly CatalogFault[]
  constructor(faults: readonly CatalogFault[]) {
    const lines = faults.map((fault) => `  ${fault.file}:${fault.line} ${fault.field ? `${fault.field}: ` : ''}${fault.message}`)
    super(`The catalog has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${lines.join('\n')}`)
    this.faults = faults
  }
}
