import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asThing, firstBadValue, whyNotMessageValue } from '../../server/wechat/message-values'
import { whyNotPage, whyNotScene } from '../../server/wechat/scene'
import { acceptsValue } from '../support/wechat-emulator/message-values'

const values: [key: string, value: string, reason: string | null][] = [
  ['thing1', '陪同就医', null],
  ['thing1', '陪'.repeat(20), null],
  ['thing1', '陪'.repeat(21), 'TOO_LONG'],
  ['thing1', '😀'.repeat(10), null],
  ['thing1', '😀'.repeat(11), 'TOO_LONG'],
  ['thing1', '两行\n字', 'FORM'],
  ['thing1', '', 'EMPTY'],
  ['thing1', '  ', 'EMPTY'],
  ['number1', '12', null],
  ['number1', '12.5', null],
  ['number1', '9'.repeat(32), null],
  ['number1', '9'.repeat(33), 'TOO_LONG'],
  ['number1', '十二', 'FORM'],
  ['number1', '-1', 'FORM'],
  ['character_string3', 'K7M2-9QXD', null],
  ['character_string3', 'a'.repeat(32), null],
  ['character_string3', 'a'.repeat(33), 'TOO_LONG'],
  ['character_string3', '编号7', 'FORM'],
  ['phrase4', '已完成', null],
  ['phrase4', '五个汉字呀', null],
  ['phrase4', '一共六个汉字', 'TOO_LONG'],
  ['phrase4', '完成1', 'FORM'],
  ['phrase4', 'done', 'FORM'],
  ['name5', '王秀英', null],
  ['name5', '王'.repeat(10), null],
  ['name5', '王'.repeat(11), 'TOO_LONG'],
  ['name5', 'a'.repeat(20), null],
  ['name5', 'a'.repeat(21), 'TOO_LONG'],
  ['name5', `王${'a'.repeat(10)}`, 'TOO_LONG'],
  ['name5', '王7', 'FORM'],
  ['phone_number6', '+86-0631-8451234', null],
  ['phone_number6', '1'.repeat(17), null],
  ['phone_number6', '1'.repeat(18), 'TOO_LONG'],
  ['phone_number6', '电话12349', 'FORM'],
  ['phone_number6', '---', 'FORM'],
  ['time7', '09:00', null],
  ['time7', '9:05', null],
  ['time7', '23:59:59', null],
  ['time7', '2026年11月22日 15:01', null],
  ['time7', '2026-11-22 15:01', null],
  ['time7', '2026/11/22 15:01', null],
  ['time7', '2026-11/22 15:01', 'FORM'],
  ['time7', '24:00', 'FORM'],
  ['time7', '09:60', 'FORM'],
  ['time7', '2026-11-22', 'FORM'],
  ['time7', '上午九点', 'FORM'],
  ['date8', '2026年11月22日', null],
  ['date8', '2026-11-22 15:01', null],
  ['date8', '11-22', 'FORM'],
  ['amount9', '¥12.50', null],
  ['amount9', '￥1234567890', null],
  ['amount9', '¥12元', null],
  ['amount9', '¥12345678.90', null],
  ['amount9', '¥12345678901', 'FORM'],
  ['amount9', '12.50', 'FORM'],
  ['amount9', '¥¥12', 'FORM'],
  ['amount9', '¥', 'FORM'],
  ['thing', '无编号', 'KIND'],
  ['poem1', '未知', 'KIND'],
  ['constructor1', 'x', 'KIND'],
]

describe('a value of a message', () => {
  test.each(values)('%s = %j is answered with %s', (key, value, reason) => {
    expect(whyNotMessageValue(key, value)).toBe(reason)
  })

  test('that we let through is let through by the host', () => {
    const kinds = ['thing', 'number', 'character_string', 'phrase', 'name', 'phone_number', 'time', 'date', 'amount']
    const unit = fc.constantFrom(...'王秀英09 :-./年月日¥元+()aZ~·😀\n')
    const likely = fc.constantFrom(...values.map(([, value]) => value))
    const value = fc.oneof(
      fc.array(unit, { maxLength: 24 }).map((units) => units.join('')),
      likely,
    )
    fc.assert(
      fc.property(fc.constantFrom(...kinds), value, (kind, text) => {
        if (whyNotMessageValue(`${kind}1`, text) === null) expect(acceptsValue(`${kind}1`, text)).toBe(true)
      }),
      { numRuns: 5000 },
    )
  })

  test('is named when it is the first bad one', () => {
    expect(firstBadValue({ thing1: '好', time2: '九点', phrase3: 'x' })).toBe('time2')
    expect(firstBadValue({ thing1: '好', time2: '09:00' })).toBeNull()
  })
})

describe('a text cut to a thing', () => {
  test('always fits, and stays as it is when it fitted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        const thing = asThing(text)
        expect([null, 'EMPTY']).toContain(whyNotMessageValue('thing1', thing))
        expect(() => encodeURIComponent(thing)).not.toThrow()
      }),
    )
    expect(asThing('泽头镇东海社区卫生服务站')).toBe('泽头镇东海社区卫生服务站')
    expect(asThing(`${'长'.repeat(18)}😀😀`)).toBe(`${'长'.repeat(18)}…`)
    expect(asThing(' 两行\n字 ')).toBe('两行 字')
  })
})

describe('the scene of a code', () => {
  test.each([
    [`P1a${'Z'.repeat(28)}`, null],
    ["0aZ!#$&'()*+,/:;=?@-._~", null],
    ['a'.repeat(32), null],
    ['a'.repeat(33), 'TOO_LONG'],
    ['', 'EMPTY'],
    ['a%20b', 'CHARACTERS'],
    ['a b', 'CHARACTERS'],
    ['门', 'CHARACTERS'],
    ['a\n', 'CHARACTERS'],
  ])('%j is answered with %s', (scene, reason) => {
    expect(whyNotScene(scene)).toBe(reason)
  })
})

describe('the page of a code', () => {
  test.each([
    ['pages/scan/index', null],
    ['packages/elder-face/pages/home', null],
    ['/pages/scan/index', 'FORM'],
    ['pages/scan/index?a=1', 'FORM'],
    ['pages//index', 'FORM'],
    ['', 'FORM'],
    ['a'.repeat(129), 'FORM'],
  ])('%j is answered with %s', (page, reason) => {
    expect(whyNotPage(page)).toBe(reason)
  })
})
