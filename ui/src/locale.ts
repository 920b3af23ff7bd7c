// Numbers, dates and plurals in the reader's language. Languages that browsers know badly (Tajik, Kazakh) come from own
// tables in locale-tables.ts; the others from Intl, always with Western digits.
import { ref } from 'vue'
import { tables, type LocaleTable } from './locale-tables'

const code = ref('en')

/** setLocale is called by the language chooser only. */
export function setLocale(language: string) { code.value = language }

const table = (): LocaleTable | undefined => tables[code.value]

const tags: Record<string, string> = { en: 'en-GB', ru: 'ru-RU', ar: 'ar-u-nu-latn', fr: 'fr-FR', es: 'es-ES' }
const tag = () => tags[code.value] ?? code.value

/** dir is the direction of the language's script. */
export const dir = (): 'ltr' | 'rtl' => (code.value === 'ar' ? 'rtl' : 'ltr')

const cache = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.PluralRules | Intl.RelativeTimeFormat>()
function keep<T extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.PluralRules | Intl.RelativeTimeFormat>(key: string, make: () => T): T {
  const k = `${code.value} ${key}`
  let found = cache.get(k)
  if (!found) cache.set(k, found = make())
  return found as T
}

export interface NumberStyle { digits?: number; sign?: boolean; percent?: boolean }

/** formatNumber writes a number with the language's separators; `percent` takes a share of 1. */
export function formatNumber(value: number | null | undefined, { digits, sign, percent }: NumberStyle = {}): string {
  if (value == null || Number.isNaN(value)) return ''
  const shown = percent ? value * 100 : value
  const places = digits ?? (Number.isInteger(shown) ? 0 : percent ? 0 : 1)
  const own = table()
  let text: string
  if (own) text = ownNumber(own, Math.abs(shown), places)
  else {
    text = keep(`n${places}`, () => new Intl.NumberFormat(tag(), { minimumFractionDigits: places, maximumFractionDigits: places, useGrouping: true }))
      .format(Math.abs(shown))
  }
  const zero = Number(Math.abs(shown).toFixed(places)) === 0
  const mark = zero ? '' : shown < 0 ? '−' : sign ? '+' : ''
  return mark + text + (percent ? (code.value === 'en' ? '%' : '\u00a0%') : '')
}

function ownNumber(own: LocaleTable, value: number, places: number): string {
  const [whole = '0', part] = value.toFixed(places).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, own.group)
  return part ? grouped + own.decimal + part : grouped
}

/** A date alone ("2026-05-09") is that day everywhere; an instant is shown in the reader's own time. */
function parse(value: string | number | Date): { date: Date; zone: string | undefined } | null {
  const dayOnly = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)
  const date = new Date(value)
  return Number.isNaN(date.getTime()) ? null : { date, zone: dayOnly ? 'UTC' : undefined }
}

/** formatDate writes a day with the month in letters, so that nobody mistakes it: 9 May 2026. */
export function formatDate(value: string | number | Date | null | undefined, style: 'long' | 'short' = 'long'): string {
  const p = value == null || value === '' ? null : parse(value)
  if (!p) return ''
  const own = table()
  if (own) return own.date(p.date, style, p.zone === 'UTC')
  const long = style === 'long'
  return keep(`d${style}${p.zone}`, () => new Intl.DateTimeFormat(tag(), { day: 'numeric', month: 'short', year: long ? 'numeric' : undefined, timeZone: p.zone }))
    .format(p.date)
}

/** formatTime writes hours and minutes on the 24-hour clock. */
export function formatTime(value: string | number | Date | null | undefined): string {
  const p = value == null || value === '' ? null : parse(value)
  if (!p) return ''
  const two = (n: number) => String(n).padStart(2, '0')
  return `${two(p.date.getHours())}:${two(p.date.getMinutes())}`
}

/** formatDateTime writes day and time. */
export function formatDateTime(value: string | number | Date | null | undefined): string {
  const day = formatDate(value)
  return day && listed([day, formatTime(value)])
}

const steps: [Intl.RelativeTimeFormatUnit & ('second' | 'minute' | 'hour' | 'day' | 'month' | 'year'), number][] = [
  ['year', 31536e6], ['month', 2592e6], ['day', 864e5], ['hour', 36e5], ['minute', 6e4], ['second', 1e3],
]

/** relativeTime says how long ago: "4 min ago". */
export function relativeTime(value: string | number | Date | null | undefined, now: number = Date.now()): string {
  const p = value == null || value === '' ? null : parse(value)
  if (!p) return ''
  const apart = p.date.getTime() - now
  const [unit, size] = steps.find(([, s]) => Math.abs(apart) >= s) ?? steps[steps.length - 1]!
  const n = Math.round(apart / size)
  const own = table()
  if (own) return own.relative(n, unit)
  return keep('r', () => new Intl.RelativeTimeFormat(tag(), { numeric: 'auto', style: 'short' })).format(n, unit)
}

/** pluralCategory is the language's form for a number: one, few, many, other ... */
export function pluralCategory(n: number): Intl.LDMLPluralRule {
  const own = table()
  if (own) return own.plural(n)
  return keep('p', () => new Intl.PluralRules(tag())).select(n)
}

/** arrow points from what was to what is, in the direction of reading. */
export const arrow = () => (dir() === 'rtl' ? '←' : '→')

/** listed joins parts with the comma of the script. */
export const listed = (parts: readonly string[]) => parts.filter(Boolean).join(dir() === 'rtl' ? '، ' : ', ')

/** compare sorts names as the language does. */
export const compare = (a: string, b: string) => a.localeCompare(b, table() ? undefined : tag(), { numeric: true })
