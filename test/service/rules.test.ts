import { describe, expect, test } from 'vitest'
import { STANDARD_SERVICES } from '../../server/service/standard'
import { isForTier, natureFor, whyNotServe, whyNotService } from '../../shared/service/rules'

const item = { active: true, natures: ['volunteer', 'mutualAid', 'dutyPaid'], trainingNeeded: null }

describe('the nature of a visit', () => {
  test.each([
    ['volunteer', ['volunteer', 'mutualAid', 'dutyPaid'], 'volunteer'],
    ['volunteer', ['mutualAid', 'dutyPaid'], null],
    ['neighbourHelper', ['volunteer', 'mutualAid', 'dutyPaid'], 'mutualAid'],
    ['neighbourHelper', ['volunteer', 'dutyPaid'], 'dutyPaid'],
    ['neighbourHelper', ['volunteer'], null],
  ] as const)('of a %s doing what allows %s is %s', (kind, natures, nature) => {
    expect(natureFor(kind, natures)).toBe(nature)
  })
})

describe('why a helper can’t do a service', () => {
  const volunteer = { kind: 'volunteer', trainings: ['急救'] } as const
  test.each([
    [volunteer, item, null],
    [volunteer, { ...item, active: false }, 'SERVICE_UNKNOWN'],
    [volunteer, { ...item, natures: ['dutyPaid'] }, 'SERVICE_NATURE'],
    [volunteer, { ...item, trainingNeeded: '助浴培训' }, 'TRAINING_NEEDED'],
    [volunteer, { ...item, trainingNeeded: '急救' }, null],
  ])('%#', (helper, service, reason) => {
    expect(whyNotServe(helper, service)).toBe(reason)
  })
})

describe('an age tier', () => {
  const tier = { tierFromAge: 70, tierBelowAge: 80 }
  test.each([
    [69, false],
    [70, true],
    [79, true],
    [80, false],
    [null, false],
  ])('of [70, 80) at %s is %s', (age, is) => {
    expect(isForTier(tier, age)).toBe(is)
  })

  test('80 and over has no upper end', () => {
    expect(isForTier({ tierFromAge: 80, tierBelowAge: null }, 103)).toBe(true)
  })

  test('a service for everybody is of nobody’s tier', () => {
    expect(isForTier({ tierFromAge: null, tierBelowAge: null }, 70)).toBe(false)
  })
})

describe('an item of the catalogue', () => {
  const input = {
    code: 'cleaning',
    name: '打扫',
    icon: 'broom',
    plannedSeconds: 3600,
    natures: ['volunteer' as const],
    trainingNeeded: null,
    tierFromAge: 70,
    tierBelowAge: 80,
    difficulty: null,
    traits: [],
    tasks: [],
    sortNo: 1,
    active: true,
  }
  test.each([
    [{}, null],
    [{ icon: 'nothing-like-it' }, { code: 'BAD_INPUT', field: 'icon' }],
    [{ natures: ['volunteer' as const, 'volunteer' as const] }, { code: 'BAD_INPUT', field: 'natures' }],
    [{ tierBelowAge: 70 }, { code: 'BAD_INPUT', field: 'tierBelowAge' }],
    [{ tierFromAge: null }, null],
  ])('changed by %o is answered with %o', (change, reason) => {
    expect(whyNotService({ ...input, ...change })).toEqual(reason)
  })

  test('the standard ones are the six of 订单式 and the eleven of 三龄菜单, each in order', () => {
    expect(STANDARD_SERVICES.map((one) => one.name)).toEqual([
      ...['陪伴聊天', '陪同购物', '陪同就医', '服务缴费', '法律援助', '智能设备培训'],
      ...['助学', '助乐', '助游', '助急', '助洁', '助购', '助行', '助医', '助康', '助餐', '助浴'],
    ])
    for (const one of STANDARD_SERVICES) {
      const [tierFromAge = null, tierBelowAge = null] = one.tier ?? []
      const asInput = {
        code: one.code,
        name: one.name,
        icon: one.icon,
        plannedSeconds: one.minutes * 60,
        natures: one.natures,
        trainingNeeded: one.training ?? null,
        tierFromAge,
        tierBelowAge,
        difficulty: null,
        traits: [],
        tasks: one.tasks,
        sortNo: 1,
        active: true,
      }
      expect(whyNotService(asInput), one.name).toBeNull()
    }
    expect(new Set(STANDARD_SERVICES.map((one) => one.icon)).size, 'no two share a picture').toBe(
      STANDARD_SERVICES.length,
    )
  })

  test('every tier has something to offer', () => {
    for (const age of [60, 69, 70, 79, 80, 99]) {
      const names = STANDARD_SERVICES.filter((one) =>
        isForTier({ tierFromAge: one.tier?.[0] ?? null, tierBelowAge: one.tier?.[1] ?? null }, age),
      ).map((one) => one.name)
      expect(names.length, `${age}`).toBeGreaterThanOrEqual(3)
    }
  })
})
