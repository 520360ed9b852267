import { weekdayOf } from '../core/time'
import { GRADES } from '../credit/words'
import { CATEGORY_WORDS } from '../elder/words'
import { ageOn } from '../person/rules'
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

/** What `helpers.when`, `serve.when`, `grants[].when` and `donate.priority` may ask. */
export const PERSON_FIELDS: Fields<PersonOnDay> = {
  age: { label: '年龄', type: 'number', read: ({ person, day }) => ageOf(person, day) },
  sex: { label: '性别', type: 'word', values: SEXES, read: ({ person }) => person.sex },
  kind: { label: '身份', type: 'word', values: KINDS, read: ({ person }) => person.kind },
  tags: { label: '标签', type: 'words', read: ({ person }) => person.tags },
  categories: { label: '类别', type: 'words', values: CATEGORY_WORDS, read: ({ person }) => person.categories },
  ability: { label: '能力等级', type: 'word', values: ABILITIES, read: ({ person }) => person.ability },
  credit: { label: '信用等级', type: 'word', values: CREDITS, read: ({ person }) => person.credit },
  holder: { label: '持有积分', type: 'yes', read: ({ person }) => person.holder },
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
  helperAge: { label: '志愿者年龄', type: 'number', read: (facts) => ageOf(facts.helper, facts.day) },
  helperSex: { label: '志愿者性别', type: 'word', values: SEXES, read: (facts) => facts.helper?.sex },
  helperKind: { label: '志愿者身份', type: 'word', values: KINDS, read: (facts) => facts.helper?.kind },
  helperTags: { label: '志愿者标签', type: 'words', read: (facts) => facts.helper?.tags },
  helperCredit: { label: '志愿者信用等级', type: 'word', values: CREDITS, read: (facts) => facts.helper?.credit },
  elderAge: { label: '老人年龄', type: 'number', read: (facts) => ageOf(facts.elder, facts.day) },
  elderCategories: {
    label: '老人类别',
    type: 'words',
    values: CATEGORY_WORDS,
    read: (facts) => facts.elder?.categories,
  },
  elderAbility: { label: '老人能力等级', type: 'word', values: ABILITIES, read: (facts) => facts.elder?.ability },
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
