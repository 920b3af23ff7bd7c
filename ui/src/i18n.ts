// Catalogues of the workspace's texts: plain JSON, one file per language, keys flat and sorted.
import { computed, ref } from 'vue'
import { dir, formatNumber, pluralCategory, setLocale } from './locale'
import en from './locales/en.json'
import type { Text } from './types'

type Catalogue = Record<string, string>

const files = import.meta.glob<Catalogue>('./locales/*.json', { import: 'default' })

/** Names of the languages in themselves. Only those with a catalogue are offered. */
const names: Record<string, string> = {
  en: 'English', ru: 'Русский', ar: 'العربية', tg: 'Тоҷикӣ', kk: 'Қазақша', fr: 'Français', es: 'Español',
}

export const languages = Object.entries(names)
  .filter(([code]) => `./locales/${code}.json` in files)
  .map(([code, name]) => ({ code, name }))

const catalogue = ref<Catalogue>(en)
const current = ref('en')

/** language is the code of the reader's language. */
export const language = computed(() => current.value)

const store = 'safar.language'

/** chooseLanguage loads a catalogue and turns the page to its direction. */
export async function chooseLanguage(code: string): Promise<void> {
  const load = files[`./locales/${code}.json`]
  if (!load) return
  catalogue.value = await load()
  current.value = code
  setLocale(code)
  document.documentElement.lang = code
  document.documentElement.dir = dir()
  try { localStorage.setItem(store, code) } catch { /* private window: the choice lasts for this page */ }
}

/** firstLanguage is what the reader chose here before, else the browser's first one that there is a catalogue for. */
export function firstLanguage(): string {
  let chosen: string | null = null
  try { chosen = localStorage.getItem(store) } catch { /* private window */ }
  const wanted = [chosen, ...navigator.languages.map((l) => l.slice(0, 2))]
  return wanted.find((l) => l && languages.some((x) => x.code === l)) ?? 'en'
}

type Params = Record<string, string | number>

function fill(text: string, params?: Params): string {
  if (!params) return text
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name]
    return value === undefined ? whole : isolate(typeof value === 'number' ? formatNumber(value) : value)
  })
}

/** Names and numbers keep their own direction inside a text that runs from right to left. */
const isolate = (value: string): string => (dir() === 'rtl' ? `\u2068${value}\u2069` : value)

/** t gives the text of a key; numbers among the parameters are written in the reader's way. */
export function t(key: string, params?: Params): string {
  const text = catalogue.value[key] ?? (en as Catalogue)[key]
  return text === undefined ? key : fill(text, params)
}

/** plural gives the text of `key.one`, `key.few` ... by the language's rule; {n} is the number itself. */
export function plural(key: string, n: number, params?: Params): string {
  const all = catalogue.value
  const text = all[`${key}.${pluralCategory(n)}`] ?? all[`${key}.other`] ?? (en as Catalogue)[`${key}.other`]
  return text === undefined ? key : fill(text, { n, ...params })
}

/** has says whether there is a text for the key, for keys made from the server's codes. */
export const has = (key: string): boolean => key in (en as Catalogue)

/** word gives the text for a code of the server under a prefix, or the code itself when it is new to this page. */
export function word(prefix: string, code: string, params?: Params): string {
  const key = `${prefix}.${code}`
  return has(key) ? t(key, params) : code
}

/** pick chooses the reader's language of a text; English, Russian, then whatever there is. */
export function pick(text: Text | string | null | undefined): string {
  if (!text) return ''
  if (typeof text === 'string') return text
  return text[current.value] || text.en || text.ru || Object.values(text).find(Boolean) || ''
}
