import { weekdayOf } from '../core/time'
import { GRADES } from '../credit/words'
import { CATEGORY_WORDS } from '../elder/words'
import { ageOn } from '../person/rules'
import { ORGANISATION_WORDS, RECORD_WORDS } from '../registry/words'
import type { PersonFacts, VisitFacts } from './document'
import { type Compiled, compile, type Fields } from './expression'

/** A person on a day: age is of that day. */
export type PersonOnDay = { person: PersonFacts; day: string }

const ABILITIES = { intact: '完好', mild: '轻度', moderate: '中度', severe: '重度', total: '完全失能' }
const SEXES = { male: '男', female: '女' }
const KINDS = { volunteer: '志愿者', neighbourHelper: '睦邻互助员' }
const CHANNELS = { inPerson: '上门', phone: '电话', video: '视频' }
const CREDITS = Object.fromEntries(GRADES.map((grade) => [grade, `${grade} 级`]))
const NATURES = { volunteer: '志愿服务', mutualAid: '邻里互助', dutyPaid: '岗位服务' }

/** Where facts are known from, as who writes rules reads it. */
const FROM = {
  person: '登记的出生日期、性别和身份，按服务那天算',
  tags: '登记的特长和通过的培训的名称；党员、村干部、网格员等也记在这里',
  categories: '老人档案里那天有效的类别',
  ability: '那天以前最近一次能力评估',
  credit: '那天有效的信用等级；没有评级的不算',
  holder: '账户里有可用的积分',
  records: '“培训奖励保险”里登记的，那天没有过期、没有撤回的；有保险写 insurance，有协议写 agreement',
  bodies: '“培训奖励保险”里登记的、那天有效的队伍，按“互助点和组织”里登记的种类',
  honours: '“培训奖励保险”里登记的表扬奖励，那天以前一年里的次数',
  training: '“培训奖励保险”里登记的培训，那天以前一年里的分钟',
  content: '老人自己给的笑脸和电话回访，那天以前一年里满意的占百分之几；没有人说过的不算',
} as const

/** What `helpers.when`, `serve.when`, `grants[].when` and `donate.priority` may ask. */
export const PERSON_FIELDS: Fields<PersonOnDay> = {
  age: { label: '年龄', type: 'number', source: FROM.person, read: ({ person, day }) => ageOf(person, day) },
  sex: { label: '性别', type: 'word', source: FROM.person, values: SEXES, read: ({ person }) => person.sex },
  kind: { label: '身份', type: 'word', source: FROM.person, values: KINDS, read: ({ person }) => person.kind },
  tags: { label: '标签', type: 'words', source: FROM.tags, read: ({ person }) => person.tags },
  categories: {
    label: '类别',
    type: 'words',
    source: FROM.categories,
    values: CATEGORY_WORDS,
    read: ({ person }) => person.categories,
  },
  ability: {
    label: '能力等级',
    type: 'word',
    source: FROM.ability,
    values: ABILITIES,
    read: ({ person }) => person.ability,
  },
  credit: {
    label: '信用等级',
    type: 'word',
    source: FROM.credit,
    values: CREDITS,
    read: ({ person }) => person.credit,
  },
  records: {
    label: '有效登记',
    type: 'words',
    source: FROM.records,
    values: RECORD_WORDS,
    read: ({ person }) => person.records,
  },
  bodies: {
    label: '所在队伍的种类',
    type: 'words',
    source: FROM.bodies,
    values: ORGANISATION_WORDS,
    read: ({ person }) => person.bodies,
  },
  honours: { label: '近一年表扬', type: 'number', source: FROM.honours, read: ({ person }) => person.honours },
  trainingMinutes: {
    label: '近一年培训分钟',
    type: 'number',
    source: FROM.training,
    read: ({ person }) => person.trainingMinutes,
  },
  contentPercent: {
    label: '老人满意百分比',
    type: 'number',
    source: FROM.content,
    read: ({ person }) => person.contentPercent,
  },
  holder: { label: '持有积分', type: 'yes', source: FROM.holder, read: ({ person }) => person.holder },
}

/** What `earn.when` and `earn.coefficients[].when` may ask. */
export const VISIT_FIELDS: Fields<VisitFacts> = {
  service: { label: '服务项目', type: 'word', read: (facts) => facts.service },
  channel: { label: '方式', type: 'word', values: CHANNELS, read: (facts) => facts.channel },
  nature: { label: '性质', type: 'word', values: NATURES, read: (facts) => facts.nature },
  level: { label: '凭证等级', type: 'number', read: (facts) => facts.level },
  minutes: { label: '分钟', type: 'number', read: (facts) => Math.floor(facts.servedSeconds / 60) },
  weekday: { label: '星期', type: 'number', read: (facts) => weekdayOf(facts.day) },
  month: { label: '月份', type: 'number', read: (facts) => Number(facts.day.slice(5, 7)) },
  difficulty: { label: '难度', type: 'number', read: (facts) => facts.difficulty },
  group: { label: '集体活动', type: 'yes', read: (facts) => facts.group === true },
  atSite: { label: '在机构', type: 'yes', read: (facts) => facts.atSite === true },
  organiser: { label: '组织者', type: 'yes', read: (facts) => facts.organiser === true },
  helperAge: {
    label: '志愿者年龄',
    type: 'number',
    source: FROM.person,
    told: true,
    read: (facts) => ageOf(facts.helper, facts.day),
  },
  helperSex: {
    label: '志愿者性别',
    type: 'word',
    source: FROM.person,
    told: true,
    values: SEXES,
    read: (facts) => facts.helper?.sex,
  },
  helperKind: {
    label: '志愿者身份',
    type: 'word',
    source: FROM.person,
    told: true,
    values: KINDS,
    read: (facts) => facts.helper?.kind,
  },
  helperTags: {
    label: '志愿者标签',
    type: 'words',
    source: FROM.tags,
    told: true,
    read: (facts) => facts.helper?.tags,
  },
  helperCredit: {
    label: '志愿者信用等级',
    type: 'word',
    source: FROM.credit,
    told: true,
    values: CREDITS,
    read: (facts) => facts.helper?.credit,
  },
  helperRecords: {
    label: '志愿者有效登记',
    type: 'words',
    source: FROM.records,
    told: true,
    values: RECORD_WORDS,
    read: (facts) => facts.helper?.records,
  },
  helperBodies: {
    label: '志愿者所在队伍的种类',
    type: 'words',
    source: FROM.bodies,
    told: true,
    values: ORGANISATION_WORDS,
    read: (facts) => facts.helper?.bodies,
  },
  helperHonours: {
    label: '志愿者近一年表扬',
    type: 'number',
    source: FROM.honours,
    told: true,
    read: (facts) => facts.helper?.honours,
  },
  helperTrainingMinutes: {
    label: '志愿者近一年培训分钟',
    type: 'number',
    source: FROM.training,
    told: true,
    read: (facts) => facts.helper?.trainingMinutes,
  },
  helperContentPercent: {
    label: '志愿者老人满意百分比',
    type: 'number',
    source: FROM.content,
    told: true,
    read: (facts) => facts.helper?.contentPercent,
  },
  elderAge: { label: '老人年龄', type: 'number', source: FROM.person, read: (facts) => ageOf(facts.elder, facts.day) },
  elderCategories: {
    label: '老人类别',
    type: 'words',
    source: FROM.categories,
    values: CATEGORY_WORDS,
    read: (facts) => facts.elder?.categories,
  },
  elderAbility: {
    label: '老人能力等级',
    type: 'word',
    source: FROM.ability,
    values: ABILITIES,
    read: (facts) => facts.elder?.ability,
  },
}

export function compileForPerson(text: string): Compiled<PersonOnDay> {
  return compile(text, PERSON_FIELDS)
}

export function compileForVisit(text: string): Compiled<VisitFacts> {
  return compile(text, VISIT_FIELDS)
}

/** Whole years on the day; undefined where the birth date isn't known. */
export function ageOf(person: PersonFacts | undefined, day: string): number | undefined {
  return person?.birthDate === undefined ? undefined : ageOn(person.birthDate, day)
}
