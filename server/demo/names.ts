import type { Day } from '../../shared/core/time'
import type { Sex } from '../../shared/person/rules'
import { chance, pick, pickWeighted, type Random } from './random'

/**
 * Surnames of the eastern Shandong peninsula, the commonest first: 于 丛 毕 邹 are far more common in Wendeng than in
 * China. How much is a placeholder.
 */
const SURNAMES = [
  ...weighted('于王', 14),
  ...weighted('刘张丛', 8),
  ...weighted('李孙毕', 5),
  ...weighted('邹宋林姜', 3),
  ...weighted('侯吕曲徐赵杨', 2),
  ...weighted('邢隋鞠连初战谭苗慕宫夏周陈董郭荣尹戚', 1),
  ['欧阳', 0.2] as const,
]

function weighted(surnames: string, weight: number) {
  return [...surnames].map((one) => [one, weight] as const)
}

/** What children were called, until the year given. `first` and `second` combine to two characters, `single` stands alone. */
type Fashion = { until: number; singleShare: number; first: string; second: string; single: string }

const FASHIONS: Record<Sex, readonly Fashion[]> = {
  male: [
    {
      until: 1949,
      singleShare: 0.05,
      first: '德振玉洪永树培文锡殿连学世显福仁义忠传维',
      second: '福山林成德胜臣生忠义堂亭江海昌禄田恩奎信',
      single: '福山林海',
    },
    {
      until: 1965,
      singleShare: 0.12,
      first: '建国新永志保援庆明春世玉洪文学培爱卫跃书',
      second: '国华民胜强军利波平良义生明亮东岩滨成民友',
      single: '军强明华平',
    },
    {
      until: 1979,
      singleShare: 0.35,
      first: '建志海永卫晓文光春玉洪新军立传少',
      second: '军强波刚伟东明涛辉平勇杰峰利滨华',
      single: '军伟强勇刚涛波辉杰峰',
    },
    {
      until: 2010,
      singleShare: 0.45,
      first: '晓海俊志文少子宏立建浩明',
      second: '鹏磊涛超凯杰宇飞龙阳晨辉',
      single: '磊涛鹏超凯浩宇洋龙斌',
    },
  ],
  female: [
    {
      until: 1949,
      singleShare: 0.02,
      first: '秀桂玉淑凤翠月福素金喜兰春德庆',
      second: '英兰珍芝芳云贞花荣梅香琴娥莲美',
      single: '英兰',
    },
    {
      until: 1965,
      singleShare: 0.05,
      first: '淑桂玉秀爱美春丽翠建红月培庆新',
      second: '华芹芬玲英芳荣梅萍兰霞云香琴娟',
      single: '玲英霞萍',
    },
    {
      until: 1979,
      singleShare: 0.3,
      first: '丽晓海红爱春秀燕建永淑玉',
      second: '萍玲霞燕敏娟华丽艳红芳静',
      single: '丽艳玲敏霞静燕红娟',
    },
    {
      until: 2010,
      singleShare: 0.4,
      first: '晓丽文海雪佳雅思婷玉',
      second: '娜婷静燕琳洁颖倩妮雯',
      single: '娜婷静洁琳颖倩雪',
    },
  ],
}

export function surname(random: Random): string {
  return pickWeighted(random, SURNAMES)
}

/** A given name in the fashion of the year of birth. */
export function givenName(random: Random, sex: Sex, birth: Day): string {
  const year = Number(birth.slice(0, 4))
  const fashion = FASHIONS[sex].find((one) => year <= one.until) ?? FASHIONS[sex].at(-1)
  if (fashion === undefined) throw new RangeError(`no names for ${birth}`)
  if (chance(random, fashion.singleShare)) return pick(random, fashion.single)
  const first = pick(random, fashion.first)
  const second = pick(random, fashion.second)
  return first === second ? first + pick(random, fashion.single) : first + second
}
