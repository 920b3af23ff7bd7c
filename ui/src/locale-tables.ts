// Own tables for languages that browsers know badly or not at all.

export type RelativeUnit = 'second' | 'minute' | 'hour' | 'day' | 'month' | 'year'

/** LocaleTable is what a language needs to write numbers and dates without Intl. */
export interface LocaleTable {
  group: string // between thousands
  decimal: string
  date(date: Date, style: 'long' | 'short', utc: boolean): string
  relative(n: number, unit: RelativeUnit): string
  plural(n: number): Intl.LDMLPluralRule
}

export const tables: Record<string, LocaleTable | undefined> = {}
