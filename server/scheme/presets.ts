import { readdirSync, readFileSync } from 'node:fs'
import { type SchemeDocument, schemeDocument } from '../../shared/scheme/document'
import type { PresetView } from '../../shared/scheme/view'
import { sentencesOf } from '../../shared/scheme/words'

const FOLDER = new URL('../../shared/scheme/presets/', import.meta.url)

/** Rules that run elsewhere, each a file, to begin a draft from. */
export function listPresets(): PresetView[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => presetOf(file, schemeDocument.parse(JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')))))
}

function presetOf(file: string, document: SchemeDocument): PresetView {
  const { title, sample, sources = [] } = document
  return { code: file.replace(/\.json$/, ''), title, sample, sources, document, sentences: sentencesOf(document) }
}
