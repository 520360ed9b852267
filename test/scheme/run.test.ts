import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readScheme, schemeJsonSchema, shapeProblems } from '../../server/scheme/read'
import { readVersions, runScheme } from '../../server/scheme/run'
import { problemText } from '../../shared/scheme/check'
import { eventsFile } from '../../shared/scheme/input'

const base = { title: '一小时一分', sample: true, pointsWord: '积分', earn: { milliPoints: 1000, seconds: 3600 } }
const said = (given: unknown) => readScheme(given).problems.map(problemText)

describe('what is read as a scheme', () => {
  test.each<[string, unknown, string[]]>([
    ['nothing', null, ['（整份）：应该是一组项目']],
    ['a number that is none', { ...base, earn: { milliPoints: '1', seconds: 3600 } }, ['earn.milliPoints：应该是整数']],
    [
      'a fraction of a milli-point',
      { ...base, earn: { milliPoints: 0.5, seconds: 60 } },
      ['earn.milliPoints：应该是整数'],
    ],
    ['a key nobody knows', { ...base, earn: { ...base.earn, dayCap: 2 } }, ['earn.dayCap：不认识这一项']],
    ['a title that is missing', { sample: true, pointsWord: '分', earn: {} }, ['title：这一项必须填写']],
    [
      'an hour that is none',
      {
        ...base,
        earn: { ...base.earn, coefficients: [{ name: '晚', times: [2, 1], fromClock: '25:00', toClock: '21:00' }] },
      },
      ['earn.coefficients.0.fromClock：时刻写成 08:30 这样'],
    ],
  ])('%s is refused with its path', (_name, given, sentences) => {
    expect(said(given)).toEqual(sentences)
  })

  test('versions of one region that begin on the same day overlap', () => {
    const version = { version: 1, regionPath: '/1/', validFrom: '2026-01-01', document: base }
    expect(readVersions([version, { ...version, version: 2 }]).problems.map(problemText)).toEqual([
      '1.validFrom：同一个地方同一天有两份规则',
    ])
  })
})

test('a run answers postings, refusals, explanations and where everybody stands', () => {
  const file = eventsFile.parse({
    people: [{ id: 'm' }],
    events: [
      { kind: 'visit', id: '1', at: '2026-11-22T09:00:00+08:00', by: 'm', servedSeconds: 5400 },
      { kind: 'gift', id: '2', at: '2026-11-22T19:00:00+08:00', by: 'm', to: 'm', milliPoints: 1 },
    ],
  })
  const { versions } = readVersions(base)
  expect(JSON.parse(JSON.stringify(runScheme(versions, file)))).toEqual({
    outcomes: [
      {
        id: '1',
        kind: 'visit',
        refusal: null,
        postings: [
          { transaction: 'EARN', account: 'issuance', milliPoints: '-1500' },
          { transaction: 'EARN', account: 'member:m', milliPoints: '1500' },
        ],
        explanations: [
          {
            schemeId: 'scheme',
            schemeVersion: 1,
            rule: 'earn.milliPoints',
            inputs: [
              { label: '时长', value: '90 分钟' },
              { label: '凭证', value: 'L2' },
            ],
            formula: '90 分钟 ÷ 60 = 1.5 分',
            cuts: [],
            zeroReason: null,
          },
        ],
      },
      {
        id: '2',
        kind: 'gift',
        refusal: { code: 'GIFT_CLOSED', sentence: '这里的规则不能转赠积分' },
        postings: [],
        explanations: [],
      },
    ],
    people: [
      {
        id: 'm',
        balanceMilliPoints: '1500',
        owedMilliPoints: '0',
        honourMilliPoints: '0',
        servedSeconds: 5400,
        stars: 0,
      },
    ],
    poolMilliPoints: '0',
  })
})

test('an event nobody knows is refused with its path', () => {
  const given = { people: [], events: [{ kind: 'visit', id: '1', at: 'yesterday', by: 'm', servedSeconds: 60 }] }
  expect(shapeProblems(eventsFile, given).problems.map(({ path }) => path)).toEqual(['events.0.at'])
})

describe('the published JSON Schema', () => {
  const file = JSON.parse(
    readFileSync(new URL('../../shared/scheme/scheme.schema.json', import.meta.url), 'utf8'),
  ) as unknown

  test('is the one the scheme is read by (mulin scheme schema writes it)', () => {
    expect(file).toEqual(JSON.parse(JSON.stringify(schemeJsonSchema())))
  })

  test('names every field in Chinese', () => {
    const unnamed: string[] = []
    const walk = (node: unknown, path: string) => {
      const { properties, items } = node as { properties?: Record<string, { title?: string }>; items?: unknown }
      for (const [name, property] of Object.entries(properties ?? {})) {
        if (property.title === undefined) unnamed.push(`${path}.${name}`)
        walk(property, `${path}.${name}`)
      }
      if (items !== undefined && typeof items === 'object') walk(items, `${path}[]`)
    }
    walk(file, '')
    expect(unnamed).toEqual([])
  })
})
