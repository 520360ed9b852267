import type { IconName } from '../../shared/core/pictures'
import type { Nature } from '../../shared/scheme/document'
import type { Tx } from '../core/db'
import { idFrom } from '../core/ids'

type Standard = {
  code: string
  name: string
  icon: IconName
  minutes: number
  natures: Nature[]
  training?: string
  tier?: readonly [from: number, below: number | null]
  tasks: string[]
}

const ANYBODY: Nature[] = ['volunteer', 'mutualAid', 'dutyPaid']
const NEIGHBOURS: Nature[] = ['volunteer', 'mutualAid']
/** Law is explained by those who do it for a living, unpaid or on duty; neighbours don't exchange it. */
const PROFESSIONAL: Nature[] = ['volunteer', 'dutyPaid']
const YOUNGER_OLD = [60, 70] as const
const MIDDLE_OLD = [70, 80] as const
const OLDEST_OLD = [80, null] as const

/**
 * What a county begins with: the six of 订单式 and the eleven of 三龄菜单. Lengths and trainings are placeholders that the
 * county edits; nobody published them.
 */
export const STANDARD_SERVICES: readonly Standard[] = [
  {
    code: 'companionship',
    name: '陪伴聊天',
    icon: 'chat',
    minutes: 60,
    natures: ANYBODY,
    tasks: ['聊天谈心', '读报读信', '问问身体'],
  },
  {
    code: 'shoppingTogether',
    name: '陪同购物',
    icon: 'shopping',
    minutes: 90,
    natures: ANYBODY,
    tasks: ['列好清单', '陪同往返', '核对票据'],
  },
  {
    code: 'hospitalEscort',
    name: '陪同就医',
    icon: 'hospital-escort',
    minutes: 180,
    natures: ANYBODY,
    training: '陪诊',
    tasks: ['挂号取号', '陪同看诊', '取药讲清用法', '送回家'],
  },
  {
    code: 'billPayment',
    name: '服务缴费',
    icon: 'bill',
    minutes: 30,
    natures: ANYBODY,
    tasks: ['当面核对金额', '代为缴费', '交回凭证'],
  },
  {
    code: 'legalAid',
    name: '法律援助',
    icon: 'law',
    minutes: 60,
    natures: PROFESSIONAL,
    training: '法律',
    tasks: ['听明白事情', '讲清办法', '帮忙联系法援中心'],
  },
  {
    code: 'deviceTraining',
    name: '智能设备培训',
    icon: 'device-help',
    minutes: 60,
    natures: ANYBODY,
    tasks: ['教打视频电话', '教扫码付款', '讲讲防骗'],
  },
  {
    code: 'learning',
    name: '助学',
    icon: 'book',
    minutes: 60,
    natures: NEIGHBOURS,
    tier: YOUNGER_OLD,
    tasks: ['读书读报', '教写字画画', '陪去老年学堂'],
  },
  {
    code: 'leisure',
    name: '助乐',
    icon: 'music',
    minutes: 90,
    natures: NEIGHBOURS,
    tier: YOUNGER_OLD,
    tasks: ['唱歌下棋', '一起做手工', '陪去活动室'],
  },
  {
    code: 'outing',
    name: '助游',
    icon: 'sun',
    minutes: 180,
    natures: NEIGHBOURS,
    tier: YOUNGER_OLD,
    tasks: ['出门前问身体', '全程陪同', '送回家'],
  },
  {
    code: 'urgentHelp',
    name: '助急',
    icon: 'siren',
    minutes: 60,
    natures: ANYBODY,
    tier: MIDDLE_OLD,
    tasks: ['马上到家看看', '联系家人', '必要时打 120'],
  },
  {
    code: 'cleaning',
    name: '助洁',
    icon: 'broom',
    minutes: 60,
    natures: ANYBODY,
    tier: MIDDLE_OLD,
    tasks: ['扫地拖地', '擦桌椅', '倒垃圾', '洗衣晾衣'],
  },
  {
    code: 'errands',
    name: '助购',
    icon: 'rice',
    minutes: 60,
    natures: ANYBODY,
    tier: MIDDLE_OLD,
    tasks: ['记下要买的', '买好送到家', '当面对账'],
  },
  {
    code: 'transport',
    name: '助行',
    icon: 'bus',
    minutes: 60,
    natures: ANYBODY,
    tier: MIDDLE_OLD,
    tasks: ['扶着出门', '陪同往返', '送回家'],
  },
  {
    code: 'medicalHelp',
    name: '助医',
    icon: 'heart',
    minutes: 60,
    natures: ANYBODY,
    training: '陪诊',
    tier: OLDEST_OLD,
    tasks: ['量血压', '提醒吃药', '代为取药'],
  },
  {
    code: 'rehabilitation',
    name: '助康',
    icon: 'flame',
    minutes: 60,
    natures: ANYBODY,
    training: '康复',
    tier: OLDEST_OLD,
    tasks: ['活动手脚', '陪走一走', '记下情况'],
  },
  {
    code: 'meals',
    name: '助餐',
    icon: 'meal',
    minutes: 45,
    natures: ANYBODY,
    tier: OLDEST_OLD,
    tasks: ['送餐到家', '陪着吃饭', '收拾碗筷'],
  },
  {
    code: 'bathing',
    name: '助浴',
    icon: 'bath',
    minutes: 90,
    natures: ANYBODY,
    training: '助浴',
    tier: OLDEST_OLD,
    tasks: ['试好水温', '扶着洗浴', '擦干穿衣', '看看皮肤'],
  },
]

/** Gives a region the standard catalogue; codes it has already stay as they are. Answers how many were added. */
export async function addStandardServices(tx: Tx, regionId: string): Promise<number> {
  const region = await tx.region.findUniqueOrThrow({ where: { id: regionId } })
  const known = await tx.service.findMany({ where: { regionId }, select: { code: true } })
  const missing = STANDARD_SERVICES.filter((one) => !known.some(({ code }) => code === one.code))
  const { count } = await tx.service.createMany({
    data: missing.map((one) => ({
      id: idFrom('service', regionId, one.code),
      code: one.code,
      name: one.name,
      icon: one.icon,
      plannedSeconds: one.minutes * 60,
      natures: one.natures.join(','),
      trainingNeeded: one.training ?? null,
      tierFromAge: one.tier?.[0] ?? null,
      tierBelowAge: one.tier?.[1] ?? null,
      tasks: JSON.stringify(one.tasks),
      sortNo: (STANDARD_SERVICES.indexOf(one) + 1) * 10,
      active: true,
      regionId,
      regionPath: region.path,
    })),
  })
  return count
}
