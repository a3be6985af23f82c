import * as bounds from './bounds.ts'

/** The `userId` of every mutation's input. */
export const userIdField = {
  description:
    'Who acts, where authentication is off; left out: anonymous. With authentication it may be left out and must not differ.',
  validate: bounds.userId,
}
