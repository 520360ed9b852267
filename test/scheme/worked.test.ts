import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { schemeDocument } from '../../shared/scheme/document'
import { judgeEvent, newRun, starsOfPerson } from '../../shared/scheme/engine'
import { eventsFile, schemeEvent } from '../../shared/scheme/input'
import type { SchemeVersion } from '../../shared/scheme/versions'

const amounts = z.record(z.string(), z.number())
const caseShape = z.strictObject({
  id: z.string(),
  title: z.string(),
  /** a preset by its file name, or # with a document of its own */
  scheme: z.string(),
  document: schemeDocument.optional(),
  people: eventsFile.shape.people,
  relations: eventsFile.shape.relations,
  steps: z.array(
    z.strictObject({
      event: schemeEvent,
      expect: z.strictObject({
        balance: amounts.optional(),
        seconds: amounts.optional(),
        stars: amounts.optional(),
        pool: z.number().optional(),
        refusal: z.string().optional(),
        cuts: z.array(z.tuple([z.string(), z.number()])).optional(),
        zeroReason: z.string().optional(),
        postings: z.array(z.tuple([z.string(), z.string(), z.number()])).optional(),
      }),
    }),
  ),
})
const presets = new URL('../../shared/scheme/presets/', import.meta.url)
const readJson = (url: URL): unknown => JSON.parse(readFileSync(url, 'utf8'))
const { cases } = z
  .strictObject({ about: z.string(), cases: z.array(caseShape) })
  .parse(readJson(new URL('worked.json', import.meta.url)))

function versionOf(one: (typeof cases)[number]): SchemeVersion {
  const document = one.document ?? schemeDocument.parse(readJson(new URL(`${one.scheme}.json`, presets)))
  return { id: 'scheme', version: 1, regionPath: '/', validFrom: '2020-01-01', document }
}

describe('the worked examples, from data alone', () => {
  test.each(cases.map((one) => [one.id, one.title, one] as const))('%s: %s', (_id, _title, one) => {
    const version = versionOf(one)
    const run = newRun([version], { people: one.people, relations: one.relations })
    for (const { event, expect: wanted } of one.steps) {
      const outcome = judgeEvent(run, event)
      const person = (id: string) => {
        const found = run.people.get(id)
        if (found === undefined) throw new Error(`nobody is ${id}`)
        return found
      }
      expect(outcome.refusal?.code).toBe(wanted.refusal)
      expect(outcome.postings.reduce((sum, posting) => sum + posting.milliPoints, 0n)).toBe(0n)
      for (const [id, milliPoints] of Object.entries(wanted.balance ?? {}))
        expect(person(id).balance, `${event.id} ${id}`).toBe(BigInt(milliPoints))
      for (const [id, seconds] of Object.entries(wanted.seconds ?? {})) expect(person(id).seconds).toBe(seconds)
      for (const [id, stars] of Object.entries(wanted.stars ?? {}))
        expect(starsOfPerson(version.document, person(id)), event.id).toBe(stars)
      if (wanted.pool !== undefined) expect(run.pool).toBe(BigInt(wanted.pool))
      if (wanted.zeroReason !== undefined) expect(outcome.explanations[0]?.zeroReason).toBe(wanted.zeroReason)
      if (wanted.cuts !== undefined)
        expect(outcome.explanations[0]?.cuts.map(({ code, milliPoints }) => [code, Number(milliPoints)])).toEqual(
          wanted.cuts,
        )
      if (wanted.postings !== undefined)
        expect(outcome.postings.map((leg) => [leg.transaction, leg.account, Number(leg.milliPoints)])).toEqual(
          wanted.postings,
        )
    }
  })

  test('every W of the table is there', () => {
    const worked = new Set(cases.map(({ id }) => id))
    expect(Array.from({ length: 15 }, (_, no) => `W${no + 1}`).filter((id) => !worked.has(id))).toEqual([])
  })

  test('every preset is used by an example', () => {
    const used = new Set(cases.map(({ scheme }) => `${scheme}.json`))
    expect(readdirSync(presets).filter((file) => !used.has(file))).toEqual([])
  })
})
