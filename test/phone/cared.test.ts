import { expect, test, vi } from 'vitest'
import type { Me } from '../../shared/session/view'

vi.mock('@tarojs/taro', () => ({ default: { getStorageSync: () => '', setStorageSync: () => undefined } }))

const { addressed, caredOf } = await import('../../miniprogram/src/elder/cared')

const nobody: Me = {
  personId: 'p',
  name: '王秀英',
  roles: [],
  member: null,
  elder: null,
  proxyOf: [],
  agencyName: '',
  hotline: '12349',
  pointsWord: '爱心分',
  programmeName: '',
  demo: true,
  device: 'bound',
  now: '2026-11-22T00:00:00.000Z',
}
const elder = { id: 'e1', regionId: 'r', regionName: '北庄村', townName: '泽头镇' }
const forHusband = { elderId: 'e2', name: '于大山', relation: '妻子', scopes: ['confirm'] }

test('who is an elder and acts for another sees to oneself first', () => {
  expect(caredOf({ ...nobody, elder, proxyOf: [forHusband] }).map(({ elderId }) => elderId)).toEqual(['e1', 'e2'])
})

test('an elder may do everything for oneself, a proxy only what was allowed', () => {
  const [self, husband] = caredOf({ ...nobody, elder, proxyOf: [forHusband] })
  expect(self?.scopes).toEqual(['confirm', 'ask', 'redeem'])
  expect(husband?.scopes).toEqual(['confirm'])
})

test('who is no elder and nobody’s proxy sees to nobody', () => {
  expect(caredOf(nobody)).toEqual([])
})

test('the elder is called 您, the one somebody acts for by name', () => {
  expect(caredOf({ ...nobody, elder, proxyOf: [forHusband] }).map(addressed)).toEqual(['您', '于大山'])
})
