import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { schemeJsonSchema } from '../../server/scheme/read'
import { problemsOf, problemText } from '../../shared/scheme/check'
import { type SchemeDocument, schemeDocument } from '../../shared/scheme/document'
import { STANDARD_SCHEME } from '../../shared/scheme/standard'

const presets = new URL('../../shared/scheme/presets/', import.meta.url)
const base: SchemeDocument = {
  title: '一小时一分',
  sample: true,
  pointsWord: '积分',
  earn: { milliPoints: 1000, seconds: 3600 },
}
const withEarn = (earn: SchemeDocument['earn']): SchemeDocument => ({ ...base, earn: { ...base.earn, ...earn } })
const said = (document: SchemeDocument, services: string[] | null = null) =>
  problemsOf(document, services).map(problemText)

describe('a scheme that is wrong says where and why', () => {
  test.each<[string, SchemeDocument, string]>([
    ['no rate', { ...base, earn: {} }, 'earn：没有单价，也没有按项目的价：这份规则永远不会给分'],
    ['half a rate', { ...base, earn: { milliPoints: 1000 } }, 'earn.seconds：单价要同时写“多少分”和“多少秒”'],
    [
      'no evidence earns',
      withEarn({ postAt: ['never', 'never', 'never', 'never', 'never'] }),
      'earn.postAt：每一级凭证都不计分：这份规则永远不会给分',
    ],
    [
      'the minimum is above the maximum',
      withEarn({ visitSecondsMin: 7200, visitSecondsMax: 3600 }),
      'earn.visitSecondsMin：一次最少 2 小时，比最多 1 小时 还长：永远不会给分',
    ],
    [
      'rounding leaves nothing',
      withEarn({ visitSecondsMax: 1800, rounding: { mode: 'down', stepMilliPoints: 1000, over: 'visit' } }),
      'earn.rounding.stepMilliPoints：做满 30 分钟 也不够 1 分，舍去以后永远是 0',
    ],
    [
      'the day is above the month',
      withEarn({ dayCapMilliPoints: 9000, monthCapMilliPoints: 5000 }),
      'earn.dayCapMilliPoints：每天最多 9 分，比每月最多 5 分还多：互相矛盾',
    ],
    [
      'a cap of nothing',
      withEarn({ dayCapMilliPoints: 0 }),
      'earn.dayCapMilliPoints：每天最多 0 分，不够记 1 份：永远不会给分',
    ],
    [
      'ages without anybody',
      withEarn({ earners: [{ fromAge: 70, toAge: 60 }] }),
      'earn.earners.0：从 70 岁到 60 岁：没有人在里面',
    ],
    [
      'an expression that does not parse',
      { ...base, serve: { when: 'age >= 80 nad holder' } },
      'serve.when：第 11 个字：应该是 and、or 或者结尾，这里是“nad”',
    ],
    ['yuan without a rate', { ...base, redeem: { kinds: ['yuan'] } }, 'redeem.yuan：可以抵扣现金，但是没有写抵扣比例'],
    ['rolling without months', { ...base, expiry: { kind: 'rolling' } }, 'expiry.months：要写几个月后过期'],
    [
      'stars out of order',
      {
        ...base,
        stars: [
          { stars: 2, seconds: 100 },
          { stars: 1, seconds: 200 },
        ],
      },
      'stars.1.stars：星级要从低到高写，不能重复',
    ],
    [
      'an heir nobody asks for',
      { ...base, closing: { heirRelations: ['child'] } },
      'closing.onDeath：写了谁可以继承，去世后却不是继承',
    ],
  ])('%s', (_name, document, sentence) => {
    expect(said(document)).toContain(sentence)
  })

  test('a service nobody knows is named', () => {
    const document = withEarn({
      prices: [
        { service: 'cleaning', milliPoints: 1000 },
        { service: 'nothing', milliPoints: 1 },
      ],
    })
    expect(said(document, ['cleaning'])).toEqual(['earn.prices.1.service：服务项目里没有“nothing”'])
    expect(said(document)).toEqual([])
    const sold = {
      ...base,
      redeem: {
        prices: [
          { item: 'cleaning', milliPoints: 1 },
          { item: 'other', milliPoints: 1 },
        ],
      },
    }
    expect(said(sold, ['cleaning'])).toEqual(['redeem.prices.1.item：服务项目里没有“other”'])
  })
})

describe('what ships is right', () => {
  test.each(readdirSync(presets))('%s reads and has no error', (file) => {
    const document = schemeDocument.parse(JSON.parse(readFileSync(new URL(file, presets), 'utf8')))
    expect(problemsOf(document)).toEqual([])
    expect(document.sources?.length).toBeGreaterThan(0)
  })

  test('so is what a county begins with', () => {
    expect(problemsOf(schemeDocument.parse(STANDARD_SCHEME))).toEqual([])
  })

  test('where no number was published the label is 示例', () => {
    const samples = readdirSync(presets).filter(
      (file) => (JSON.parse(readFileSync(new URL(file, presets), 'utf8')) as SchemeDocument).sample,
    )
    expect(samples).toContain('wendeng.json')
  })

  test('an unknown key is refused', () => {
    expect(schemeDocument.safeParse({ ...base, surprise: 1 }).success).toBe(false)
  })
})

type Described = {
  title?: string
  description?: string
  source?: string
  properties?: Record<string, Described>
  items?: Described
}

test('every field of a scheme has its label, its help, and the law or the running scheme it comes from', () => {
  const bare: string[] = []
  let fields = 0
  const look = (schema: Described, path: string) => {
    for (const [name, field] of Object.entries(schema.properties ?? {})) {
      fields += 1
      for (const key of ['title', 'description', 'source'] as const)
        if ((field[key] ?? '').trim() === '') bare.push(`${path}${name}: ${key}`)
      look(field, `${path}${name}.`)
      look(field.items ?? {}, `${path}${name}.`)
    }
  }
  look(schemeJsonSchema() as Described, '')
  expect(bare).toEqual([])
  expect(fields).toBeGreaterThan(90)
})
