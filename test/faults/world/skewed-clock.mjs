// Loaded before the service: its clock is wrong by CLOCK_SKEW_SECONDS, in everything that asks for the time of day.
const skewMs = Number(process.env.CLOCK_SKEW_SECONDS) * 1_000
const RealDate = Date
globalThis.Date = class extends RealDate {
  constructor(...values) {
    if (values.length === 0) super(RealDate.now() + skewMs)
    else super(...values)
  }
  static now() {
    return RealDate.now() + skewMs
  }
}
