import { expect, test } from 'vitest'
import { codesAbove, kindOfCode, levelOfCode, shortNameOf } from '../../shared/region/kinds'

test.each([
  ['37', '山东省', 'province', '山东省'],
  ['3710', '威海市', 'city', '威海市'],
  ['371003', '文登区', 'county', '文登区'],
  ['320371', '徐州经济技术开发区', 'zone', '徐州经济技术开发区'],
  ['371003001', '龙山路街道', 'street', '龙山路街道'],
  ['450305004', '漓东街道办事处', 'street', '漓东街道'],
  ['371003104', '泽库镇', 'town', '泽库镇'],
  ['140121200', '东于乡', 'town', '东于乡'],
  ['371003400', '开发区办事处', 'zone', '开发区办事处'],
  ['370681400', '某街道', 'street', '某街道'],
  ['371003099', '城区', 'street', '城区'],
  ['371003399', '良种场', 'town', '良种场'],
  ['371003104201', '北庄村民委员会', 'village', '北庄村'],
  ['371003104202', '前王村委会', 'village', '前王村'],
  ['371003104203', '西沟村村委会', 'village', '西沟村'],
  ['371003104204', '分水新村委员会', 'village', '分水新村'],
  ['371003001006', '横山社区居委会', 'community', '横山社区'],
  ['371003001012', '西凤凰台社区居委', 'community', '西凤凰台社区'],
  ['320371003013', '三孔桥居委会', 'community', '三孔桥社区'],
  ['371003104205', '新居村民委员会', 'village', '新居村'],
  ['371003001007', '红源新村', 'community', '红源新村'],
  ['371003400498', '开发区生活区', 'community', '开发区生活区'],
  ['371003400598', '林场生活区', 'village', '林场生活区'],
])('%s %s is a %s called %s', (code, officialName, kind, name) => {
  expect(kindOfCode(code, officialName)).toBe(kind)
  expect(shortNameOf(kindOfCode(code, officialName), officialName)).toBe(name)
})

test('a code of no length the statistics use has no level and no kind', () => {
  for (const code of ['', '3', '37068', '3710031', 'abc', '37 0', '3710031042011']) {
    expect(levelOfCode(code)).toBeNull()
    expect(() => kindOfCode(code, '某地')).toThrow(RangeError)
  }
})

test('a village is below its town, county, city and province', () => {
  expect(codesAbove('371003104201')).toEqual(['37', '3710', '371003', '371003104'])
  expect(codesAbove('37')).toEqual([])
})
