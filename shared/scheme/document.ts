import { z } from 'zod'
import type { Day } from '../core/time'
import type { Fraction } from './fraction'
import { CHANNELS, NATURES, OVERFLOWS, POST_STEPS, REDEMPTION_KINDS, RELATIONS } from './kinds'

/**
 * The rules of one region as data. Every part is optional: what isn't there is no rule. Units end the names; points are
 * milli-points, time is seconds, money is fen. Each field carries its Chinese label, its help and the law or the
 * running scheme it comes from into the published JSON Schema, which is made from this file.
 */
const about = <S extends z.ZodType>(schema: S, title: string, description: string, source: string): S =>
  schema.meta({ title, description, source }) as S

/** A number that no document fixes: each place decides, and says so. */
const OWN = '没有统一规定，由各地自己定'
const VOLUNTEER_LAW = '志愿服务条例第 2、21、37 条；民政部令第 67 号第 19 条'
const EVIDENCE = '每一分钟都知道自己的凭证（L0 补录 … L4 现场核实）'

const milliPoints = z.number().int().min(0).max(1_000_000_000_000)
const positiveMilliPoints = z.number().int().min(1).max(1_000_000_000_000)
const seconds = z.number().int().min(0).max(1_000_000_000)
const positiveSeconds = z.number().int().min(1).max(1_000_000_000)
const age = z.number().int().min(0).max(130)
const text = (longest: number) => z.string().trim().min(1).max(longest)
const code = z
  .string()
  .min(1)
  .max(40)
  .regex(/^[A-Za-z][A-Za-z0-9-]*$/, { message: '代码只用英文字母、数字和短横线' })
/** A rule of who or when; see expression.ts for the language. */
const expression = text(400)
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { message: '时刻写成 08:30 这样' })

const nature = z.enum(NATURES)
const postStep = z.enum(POST_STEPS)
const overflow = z.enum(OVERFLOWS)
const relation = z.enum(RELATIONS)

const price = z.strictObject({
  service: about(code, '服务项目代码', '服务目录里的代码', '成都郫都 2021：48 个项目各有其价'),
  milliPoints: about(
    positiveMilliPoints,
    '每次多少分（千分之一分）',
    '不看做了多久，做完一次就是这么多',
    '成都郫都 2021：48 个项目各有其价',
  ),
})

const coefficient = z.strictObject({
  name: about(text(30), '名称', '写在得分的算式里', OWN),
  times: about(
    z.tuple([z.number().int().min(0).max(100_000), z.number().int().min(1).max(100_000)]),
    '乘以（分子、分母）',
    '1.2 倍写成 [6, 5]，不用小数，一分不丢',
    '信用分级：4A × 1.1，5A × 1.2；学生方案：10.4、10.6、10.2',
  ),
  when: about(expression.optional(), '什么情况下', '不写就是每次都乘', '海南 2025：难度分三级，系数不同'),
  fromClock: about(clock.optional(), '从几点', '只乘这个时段里的分钟', OWN),
  toClock: about(clock.optional(), '到几点', '可以跨过半夜：22:00 到 06:00', OWN),
})

const earner = z.strictObject({
  sex: about(z.enum(['male', 'female']).optional(), '性别', '不写就是不分男女', '上海长宁 2019：60–70 岁，女 50–70 岁'),
  fromAge: about(
    age.optional(),
    '满多少岁',
    '按服务那天的周岁',
    '上海长宁 2019：60–70 岁，女 50–70 岁；上海新办法：满 65 岁且持有时间币可被服务',
  ),
  toAge: about(
    age.optional(),
    '到多少岁（含）',
    '60–70 岁到满 71 岁前一天为止',
    '上海长宁 2019：60–70 岁，女 50–70 岁',
  ),
})

const earn = z.strictObject({
  milliPoints: about(
    positiveMilliPoints.optional(),
    '每份多少分（千分之一分）',
    '与“每份多少秒”一起说明单价',
    '南京、上海、广州：服务 1 小时记 1 分；淄博张店 2016：1 小时 2 分',
  ),
  seconds: about(
    positiveSeconds.optional(),
    '每份多少秒',
    '做满这么久得一份；和“每份多少分”一起说明单价',
    '南京、上海、广州：服务 1 小时记 1 分；黄岩 2023：累计满 2 小时记 1 分',
  ),
  prices: about(
    z.array(price).max(300).optional(),
    '按项目计分',
    '写了价的项目按次计分，不看时长',
    '成都郫都 2021：48 个项目各有其价',
  ),
  servedSecondsStep: about(
    positiveSeconds.optional(),
    '时长取整到多少秒',
    '不写按整分钟，不足的舍去',
    '民政部令第 67 号第 7 条：服务时间按实际时长记录',
  ),
  natures: about(
    z.array(nature).max(3).optional(),
    '哪些性质计分',
    '岗位服务是有报酬的工作，不进志愿服务记录',
    VOLUNTEER_LAW,
  ),
  channels: about(
    z.array(z.enum(CHANNELS)).min(1).max(3).optional(),
    '哪些方式计分',
    '上门、电话、视频；不写都计',
    '民发〔2022〕73 号',
  ),
  postAt: about(
    z.tuple([postStep, postStep, postStep, postStep, postStep]).optional(),
    '哪一步记账（L0–L4）',
    `${EVIDENCE}；不记分（never）、社区审核后（approval）、老人确认后（confirmation）或结束时（finish）`,
    '黄石 2024：只有扫码的时长计分',
  ),
  when: about(expression.optional(), '什么情况下计分', '不写就是都计；例：星期 >= 6', OWN),
  visitSecondsMin: about(seconds.optional(), '一次最少多少秒', '不足的只记时长', OWN),
  visitSecondsMax: about(
    positiveSeconds.optional(),
    '一次最多计多少秒',
    '更长的照实记时长，只按这么久算分',
    '海林 2025：一次活动最多计 2 小时',
  ),
  presencePermille: about(
    z.number().int().min(0).max(1000).optional(),
    '到场至少占计划的千分之几',
    '不足的不计分',
    '云南：到场不足 60 % 不计',
  ),
  coefficients: about(
    z.array(coefficient).max(50).optional(),
    '系数',
    '难度、时段、组织者、信用等级：成立就乘；时段的只乘落在里面的分钟',
    '海南 2025：难度分三级；4A 机构 × 1.1，5A × 1.2',
  ),
  coefficientsCombine: about(
    z.enum(['product', 'highest']).optional(),
    '几个系数同时成立时',
    '连乘（product）或取最高（highest）；不写就连乘',
    OWN,
  ),
  rounding: about(
    z
      .strictObject({
        mode: about(
          z.enum(['down', 'up', 'half']),
          '怎么取整',
          '舍去（down）、进一（up）或四舍五入（half）',
          '广州 2019：只记整分',
        ),
        stepMilliPoints: about(
          positiveMilliPoints,
          '取整到多少分（千分之一分）',
          '1 就是整分，0.5 就是半分',
          '广州 2019：只记整分',
        ),
        over: about(
          z.enum(['visit', 'cumulative']),
          '按次还是累计',
          '每次（visit），或累计（cumulative）：零头留给下一次',
          '黄岩 2023：累计满 2 小时记 1 分',
        ),
      })
      .optional(),
    '取整',
    '不写就精确到千分之一分，舍去',
    '广州 2019：只记整分；学生方案：小数不能丢',
  ),
  activityCapMilliPoints: about(
    milliPoints.optional(),
    '一次最多多少分（千分之一分）',
    '一次服务不管多久，最多这么多',
    '海林 2025：一次活动最多计 2 小时',
  ),
  dayCapMilliPoints: about(
    milliPoints.optional(),
    '每天最多多少分（千分之一分）',
    '按服务开始那天；晚到的记录用那天剩下的',
    '上海长宁 2019：一天最多 2 分',
  ),
  monthCapMilliPoints: about(milliPoints.optional(), '每月最多多少分（千分之一分）', '按服务开始那天的月份', OWN),
  yearCapMilliPoints: about(
    milliPoints.optional(),
    '每年最多多少分（千分之一分）',
    '按服务开始那天的年份，1 月 1 日重新算起',
    OWN,
  ),
  accountCapMilliPoints: about(
    milliPoints.optional(),
    '账户里最多多少分（千分之一分）',
    '看账上现在有的；用掉了又能存',
    '南京 2019：存储上限 1500 小时',
  ),
  overflow: about(
    z
      .strictObject({
        activity: about(overflow.optional(), '超出一次上限的', '不写就是不记', '南京 2019：超出的捐入公益池或兑换荣誉'),
        day: about(overflow.optional(), '超出每天上限的', '不写就是不记', '南京 2019：超出的捐入公益池或兑换荣誉'),
        month: about(overflow.optional(), '超出每月上限的', '不写就是不记', '南京 2019：超出的捐入公益池或兑换荣誉'),
        year: about(overflow.optional(), '超出每年上限的', '不写就是不记', '南京 2019：超出的捐入公益池或兑换荣誉'),
        account: about(overflow.optional(), '超出账户上限的', '不写就是不记', '南京 2019：超出的捐入公益池或兑换荣誉'),
      })
      .optional(),
    '超出的去哪里',
    '不记（drop）、进公益池（pool）或记为荣誉（honour）',
    '南京 2019：超出的捐入公益池或兑换荣誉',
  ),
  earners: about(
    z.array(earner).min(1).max(10).optional(),
    '谁可以得分',
    '满足其中一条即可',
    '上海长宁 2019：60–70 岁，女 50–70 岁',
  ),
  group: about(
    z.enum(['each', 'pool', 'nobody']).optional(),
    '集体活动的分',
    '记给每个人（each）、全部进公益池（pool）或不记分（nobody）',
    '南京 2019：团队时长只进公益池',
  ),
  minors: about(
    z
      .strictObject({
        belowAge: about(age, '不满多少岁', '按服务那天的周岁；没有登记出生日期的不记分', '山东省志愿服务条例第 10 条'),
        groupsOnly: about(
          z.boolean(),
          '只能参加集体活动',
          '服务目录里标了集体活动的项目才计分',
          '上海新办法：未成年人只参加机构里的集体活动',
        ),
        sitesOnly: about(
          z.boolean(),
          '只能在机构里',
          '服务目录里标了在机构里做的项目才计分',
          '上海新办法：未成年人只参加机构里的集体活动',
        ),
      })
      .optional(),
    '未成年人',
    '限制民事行为能力人要监护人同意或陪同；这里写他们在哪里做才计分',
    '山东省志愿服务条例第 10 条',
  ),
})

const serve = z.strictObject({
  fromAge: about(
    age.optional(),
    '满多少岁',
    '按提需求那天的周岁',
    '上海长宁 2019：60–70 岁，女 50–70 岁；上海新办法：满 65 岁且持有时间币可被服务',
  ),
  when: about(
    expression.optional(),
    '服务对象',
    '例：年龄 >= 80 且 类别 包含 独居',
    '南京 2019：80 岁以上独居，或 60–79 岁困难、失能、独居，或持有时间币的 60 岁以上老人',
  ),
})

const redeem = z.strictObject({
  kinds: about(
    z.array(z.enum(REDEMPTION_KINDS)).min(1).max(4).optional(),
    '可以换什么',
    '服务（service）、物品（goods）、用餐（meal）、抵扣现金（yuan）',
    '南京鼓楼 2018：只换服务，不换物品',
  ),
  gateSeconds: about(
    seconds.optional(),
    '服务满多少秒才能兑换',
    '看一共服务过多久，不看积分',
    '广州 2019：满 100 小时开放兑换',
  ),
  fromAge: about(age.optional(), '受益人满多少岁', '按兑换那天的周岁', '南京鼓楼 2018：本人、配偶、直系亲属满 60 岁'),
  relations: about(
    z.array(relation).min(1).max(8).optional(),
    '可以给谁换',
    '不写就是任何人',
    '南京鼓楼 2018：本人、配偶、直系亲属',
  ),
  timesPerMonth: about(z.number().int().min(0).max(1000).optional(), '每月最多几次', '取消和过期的不算', OWN),
  timesPerQuarter: about(
    z.number().int().min(0).max(1000).optional(),
    '每季度最多几次',
    '自然季度；取消和过期的不算',
    '海林 2025：一季度兑换一次',
  ),
  timesPerYear: about(z.number().int().min(0).max(1000).optional(), '每年最多几次', '取消和过期的不算', OWN),
  serviceHourMilliPoints: about(
    positiveMilliPoints.optional(),
    '1 小时服务要多少分（千分之一分）',
    '不写就和做 1 小时得的分一样',
    '淄博张店 2016：2 分换 1 小时服务',
  ),
  yuan: about(
    z
      .strictObject({
        milliPoints: about(
          positiveMilliPoints,
          '多少分（千分之一分）',
          '和“抵多少分钱”一起说明比例',
          '淄博张店 2016：1 分在签约商家抵 1 元',
        ),
        fen: about(
          z.number().int().min(1).max(1_000_000),
          '抵多少分钱',
          '用掉这些积分抵的现金',
          '淄博张店 2016：1 分在签约商家抵 1 元',
        ),
      })
      .optional(),
    '抵扣比例',
    '在签约商家抵现金；用掉的每一分都记在资金线上',
    '淄博张店 2016：1 分在签约商家抵 1 元',
  ),
  prices: about(
    z
      .array(
        z.strictObject({
          item: about(code, '项目代码', '服务目录里的代码', '成都郫都 2021：48 个项目各有其价'),
          milliPoints: about(
            positiveMilliPoints,
            '多少分（千分之一分）',
            '换一次用掉这么多',
            '成都郫都 2021：48 个项目各有其价',
          ),
        }),
      )
      .max(300)
      .optional(),
    '价目表',
    '用积分请人做这一项要多少分，不看做多久',
    '成都郫都 2021：48 个项目各有其价',
  ),
  whenNobodyTakes: about(
    z.enum(['wait', 'marketService']).optional(),
    '没有人接单时',
    '继续等（wait），或由市场服务兜底（marketService）',
    '南京鼓楼 2018',
  ),
})

const transfer = z.strictObject({
  relations: about(
    z.array(relation).min(1).max(8).optional(),
    '可以送给谁',
    '关系要登记，并由对方或社区确认；不写就是登记了的都可以',
    '上海新办法：可以送给家人和朋友',
  ),
  recipientFromAge: about(age.optional(), '对方满多少岁', '按送的那天的周岁', '南京鼓楼 2018：直系亲属满 60 岁'),
  approval: about(
    z.enum(['none', 'recipient', 'staff']).optional(),
    '谁来同意',
    '不用同意（none）、对方收下才算（recipient）、社区同意才算（staff）；不写就不用',
    OWN,
  ),
  yearMilliPointsMax: about(
    milliPoints.optional(),
    '一年最多送多少分（千分之一分）',
    '送出去的才算，没有收的不算',
    OWN,
  ),
})

const donate = z.strictObject({
  to: about(
    z
      .array(z.enum(['pool', 'elder', 'organisation']))
      .min(1)
      .max(3)
      .optional(),
    '可以捐给谁',
    '公益池（pool）、帮过的老人（elder）或组织（organisation）',
    '南京 2019：捐入公益池；上海新办法：可以捐赠',
  ),
  milliPointsMin: about(milliPoints.optional(), '一次至少多少分（千分之一分）', '不写就没有下限', OWN),
  priority: about(
    z.array(expression).max(10).optional(),
    '公益池先给谁',
    '从上到下，先满足前面的',
    '成都郫都 2021：先给特殊困难老人',
  ),
})

const grant = z.strictObject({
  name: about(text(30), '名称', '写在老人的明细里；同一个名称一期只发一次', OWN),
  when: about(expression, '给谁', '例：年龄 >= 80 且 类别 包含 独居', '成都郫都 2021：给特殊困难老人启动积分'),
  milliPoints: about(
    positiveMilliPoints,
    '多少分（千分之一分）',
    '每人这么多',
    '成都郫都 2021：给特殊困难老人启动积分',
  ),
  every: about(
    z.enum(['once', 'month', 'quarter', 'year']),
    '多久一次',
    '一人一次（once）、每月、每季度或每年；到期自动列出名单，等人同意',
    '成都郫都 2021：给特殊困难老人启动积分',
  ),
  from: about(
    z.enum(['issuance', 'pool']),
    '从哪里出',
    '新发（issuance），或从公益池（pool）',
    '成都郫都 2021：资金承担启动积分',
  ),
  fundLine: about(
    text(30).optional(),
    '资金线',
    '写在明细里，对得上资金',
    '徐州：阳光养老资金监管，笔笔可控、项项可查',
  ),
  approvers: about(
    z.number().int().min(1).max(3).optional(),
    '几个人同意',
    '不写要两个人',
    '徐州：阳光养老资金监管，笔笔可控、项项可查',
  ),
})

const expiry = z.strictObject({
  kind: about(
    z.enum(['yearEnd', 'rolling']),
    '怎么过期',
    '年底（yearEnd）：当年的分到 12 月 31 日 24 时；若干月后（rolling）：从得到那天起算',
    '黄石 2024',
  ),
  months: about(z.number().int().min(1).max(600).optional(), '几个月后过期', '只用于 rolling', OWN),
  reminderDays: about(
    z.array(z.number().int().min(1).max(365)).max(5).optional(),
    '提前几天提醒',
    '不写就是 60 天和 7 天',
    OWN,
  ),
})

const penalties = z.strictObject({
  openComplaint: about(
    z.enum(['none', 'freezeVisit']).optional(),
    '投诉核实期间',
    '这次的分先放在一边（freezeVisit），或不动（none）；不写就先放在一边',
    OWN,
  ),
  upheldComplaint: about(
    z.enum(['none', 'visitToZero']).optional(),
    '投诉成立',
    '没有（none），或这次的分归零（visitToZero）',
    '海林 2025',
  ),
  complaintMilliPoints: about(
    positiveMilliPoints.optional(),
    '投诉成立另扣多少分（千分之一分）',
    '自动提出，第二个人同意才扣',
    OWN,
  ),
  noShowMilliPoints: about(
    positiveMilliPoints.optional(),
    '失约一次扣多少分（千分之一分）',
    '接了单没有去',
    '龙泉驿：一年失约 5 次停止资格',
  ),
  noShowsPerYearMax: about(
    z.number().int().min(1).max(365).optional(),
    '一年失约几次停止资格',
    '自然年；停止以后只记时长，不记分',
    '龙泉驿：一年 5 次',
  ),
})

const festival = z.strictObject({
  name: about(text(20), '节日', '写在得分的明细里', '文登、烟台：母亲节、邻里节、中秋节、重阳节、敬老月的活动'),
  days: about(
    z
      .array(z.string().regex(/^(\d{4}-)?\d{2}-\d{2}$/))
      .min(1)
      .max(60),
    '哪几天',
    '写 10-01 每年都算，写 2026-06-19 只算那天',
    '文登、烟台：母亲节、邻里节、中秋节、重阳节、敬老月的活动',
  ),
  milliPoints: about(positiveMilliPoints, '每次另加多少分（千分之一分）', '那天得了分的每一次', OWN),
})

const bonuses = z.strictObject({
  referralMilliPoints: about(
    positiveMilliPoints.optional(),
    '介绍一位新志愿者加多少分（千分之一分）',
    '登记志愿者时写了谁介绍的，就加给谁',
    '海林 2025：介绍 +2',
  ),
  organiserMilliPoints: about(
    positiveMilliPoints.optional(),
    '组织一次活动加多少分（千分之一分）',
    '服务目录里标了组织者的项目，做完一次加一次',
    '海南 2025：组织者多得',
  ),
  festivals: about(
    z.array(festival).max(30).optional(),
    '节日另加',
    '农历的节日每年写明是哪天',
    '文登、烟台：母亲节、邻里节、中秋节、重阳节、敬老月的活动',
  ),
})

const star = z.strictObject({
  stars: about(
    z.number().int().min(1).max(10),
    '星级',
    '几颗星；几条都够时取最高的',
    '龙泉驿：50 小时 500 分一星 … 2000 小时 21000 分七星；民政部令第 67 号第 10 条',
  ),
  seconds: about(
    seconds.optional(),
    '服务多少秒',
    '不写就不看时长',
    '龙泉驿：50 小时 500 分一星 … 2000 小时 21000 分七星',
  ),
  milliPoints: about(
    milliPoints.optional(),
    '并且有多少分（千分之一分）',
    '看账上现在有的，用掉了会降；不写就不看积分',
    '龙泉驿：50 小时 500 分一星 … 2000 小时 21000 分七星',
  ),
})

const closing = z.strictObject({
  onDeath: about(
    z.enum(['heir', 'pool', 'expire']).optional(),
    '去世后',
    '给继承人（heir）、进公益池（pool）或作废（expire）',
    OWN,
  ),
  heirRelations: about(
    z.array(relation).min(1).max(8).optional(),
    '谁可以继承',
    '关系要登记过；不写就是登记了的都可以',
    '民法典第 1127 条：配偶、子女、父母；兄弟姐妹、祖父母、外祖父母',
  ),
  onMoving: about(
    z.enum(['export', 'pool', 'expire']).optional(),
    '迁出后',
    '跟着人转走（export）、进公益池（pool）或作废（expire）',
    OWN,
  ),
})

/** A scan in the middle of a visit, at a moment nobody knows before. */
const challenge = z.strictObject({
  visitsPercent: about(
    z.number().int().min(1).max(100),
    '问百分之几',
    '服务器抽，抽到谁、什么时候，事先没有人知道',
    OWN,
  ),
  mostPerVisit: about(z.number().int().min(1).max(3), '一次最多问几回', '每一回各抽各的', OWN),
  fromSeconds: about(seconds.max(28_800), '开始后最早多少秒', '刚到门口不问', OWN),
  toSeconds: about(positiveSeconds.max(28_800), '开始后最晚多少秒', '到这时还没结束的才会问到', OWN),
  answerSeconds: about(
    z.number().int().min(60).max(3600),
    '多少秒内再扫都算',
    '没扫不影响继续服务，只留给社区核实',
    OWN,
  ),
})

export const schemeDocument = z.strictObject({
  $schema: about(z.string().max(200).optional(), 'JSON Schema', '给编辑器用的，可以不写', 'JSON Schema 2020-12'),
  title: about(text(60), '名称', '写在每一笔的说明里', OWN),
  sample: about(z.boolean(), '示例', '没有哪个县公布过这个数', '文登：积分的数没有公布'),
  pointsWord: about(text(10), '积分叫什么', '积分、时间币、爱心分 …', '南京、上海：时间币；各地叫法不同'),
  sources: about(z.array(text(300)).max(20).optional(), '依据', '文件的名称、文号、哪一条', OWN),
  earn: about(earn, '怎么得分', '单价、凭证、上限、谁能得分', '山东省养老服务条例第 51 条：记录、储蓄、回馈'),
  helpers: about(
    z
      .strictObject({
        when: about(expression, '谁可以登记', '登记志愿者时问；例：标签 包含 党员', '文登：村干部、党员、网格员'),
      })
      .optional(),
    '谁来服务',
    '不写就是谁都可以；写了就在登记志愿者时问',
    '文登：村干部、党员、网格员',
  ),
  serve: about(serve.optional(), '服务谁', '不写就是谁都可以', '南京 2019、上海新办法；山东省养老服务条例第 28 条'),
  redeem: about(
    redeem.optional(),
    '怎么兑换',
    '不写就按兑换商品的价，没有别的条件',
    '山东省志愿服务条例第 35 条：服务时间可以换取社区服务',
  ),
  transfer: about(transfer.optional(), '转赠', '不写就不能转赠', '上海新办法：可以送给家人和朋友；南京鼓楼 2018'),
  donate: about(donate.optional(), '捐赠', '不写就不能捐赠', '南京 2019：捐入公益池；上海新办法'),
  grants: about(
    z.array(grant).max(30).optional(),
    '发放',
    '按规则给老人的积分',
    '成都郫都 2021：给特殊困难老人启动积分',
  ),
  overdraftMilliPoints: about(
    milliPoints.optional(),
    '可以先用多少分（千分之一分）',
    '先服务自己、以后再还',
    '福州 2017：可以透支',
  ),
  expiry: about(expiry.optional(), '过期', '不写就不过期', '黄石 2024：当年的分到 12 月 31 日 24 时'),
  penalties: about(penalties.optional(), '扣分', '不写就不扣', '海林 2025：投诉成立归零；龙泉驿：失约'),
  bonuses: about(bonuses.optional(), '奖励', '不写就没有', '海林 2025：介绍 +2；海南 2025：组织者多得'),
  stars: about(z.array(star).max(10).optional(), '星级', '时长和积分都要够；不够了会降', '龙泉驿'),
  challenge: about(challenge.optional(), '中途再扫一次', '不写就不问；扫了的动态码探访凭证升为 L4', OWN),
  closing: about(
    closing.optional(),
    '销户',
    '不写：去世后进公益池，迁出后转到新的地方',
    '山东省养老服务条例第 51 条：储蓄、回馈',
  ),
})

export type SchemeDocument = z.infer<typeof schemeDocument>
export type Nature = (typeof NATURES)[number]
export type PostStep = (typeof POST_STEPS)[number]
export type Relation = (typeof RELATIONS)[number]
export type Overflow = (typeof OVERFLOWS)[number]
export type RedemptionKind = (typeof REDEMPTION_KINDS)[number]
export type Coefficient = NonNullable<SchemeDocument['earn']['coefficients']>[number]

/** What a rule may ask about a person; what isn't known is undefined, and a rule that needs it doesn't hold. */
export type PersonFacts = {
  birthDate?: Day | undefined
  sex?: 'male' | 'female' | undefined
  kind?: 'volunteer' | 'neighbourHelper' | undefined
  /** trainings, party member, village cadre, grid worker … */
  tags?: readonly string[] | undefined
  categories?: readonly string[] | undefined
  /** GB/T 42195: intact | mild | moderate | severe | total */
  ability?: string | undefined
  credit?: string | undefined
  /** kinds of the register that are in force: training, honour, skill, team, insurance, agreement */
  records?: readonly string[] | undefined
  /** kinds of the organisations whose teams he is in: volunteerTeam, socialWork, company … */
  bodies?: readonly string[] | undefined
  /** of the year before */
  honours?: number | undefined
  trainingMinutes?: number | undefined
  /** of the elders who said anything in the year before, how many of a hundred were content; unknown where nobody did */
  contentPercent?: number | undefined
  /** has points of the programme */
  holder?: boolean | undefined
}

/** One visit as the rules see it. Only the first four are always known. */
export type VisitFacts = {
  servedSeconds: number
  nature: Nature
  level: number
  day: Day
  /** seconds after midnight in Shanghai when it began */
  beganSecond?: number | undefined
  plannedSeconds?: number | undefined
  service?: string | undefined
  channel?: (typeof CHANNELS)[number] | undefined
  /** part of a group activity */
  group?: boolean | undefined
  atSite?: boolean | undefined
  organiser?: boolean | undefined
  difficulty?: number | undefined
  helper?: PersonFacts | undefined
  elder?: PersonFacts | undefined
}

/** What was already earned, by the same person in the same programme, before this visit is judged. */
export type EarnedBefore = {
  dayMilliPoints: bigint
  monthMilliPoints: bigint
  balanceMilliPoints: bigint
  yearMilliPoints?: bigint
  /** what cumulative rounding left over, in milli-points */
  carry?: Fraction
}

export type CutCode = 'ACTIVITY_CAP' | 'DAY_CAP' | 'MONTH_CAP' | 'YEAR_CAP' | 'ACCOUNT_CAP'

/** Why a number is what it is. `cuts` name what was taken off, in order. */
export type Explanation = {
  schemeId: string
  schemeVersion: number
  /** which part of the scheme made the number, e.g. earn.prices.cleaning */
  rule?: string
  /** what it was made from, as people read it */
  inputs?: { label: string; value: string }[]
  formula: string
  cuts: { code: CutCode; sentence: string; milliPoints: string; to?: Overflow }[]
  zeroReason: string | null
}
export type Judgement = {
  /** what the helper gets */
  milliPoints: bigint
  /** what goes to the public pool instead */
  poolMilliPoints: bigint
  /** what is remembered as honour only, and is no point */
  honourMilliPoints: bigint
  carry: Fraction
  explanation: Explanation
}
