export const ORGANISATION_WORDS = {
  mutualAidPoint: '睦邻互助点',
  canteen: '助餐点（长者食堂）',
  centre: '养老服务中心',
  community: '社区',
  socialWork: '社工机构',
  socialOrganisation: '社会组织',
  volunteerTeam: '志愿服务队伍',
  charity: '慈善组织',
  company: '爱心企业',
} as const
export type OrganisationKind = keyof typeof ORGANISATION_WORDS
export const ORGANISATION_KINDS = Object.keys(ORGANISATION_WORDS) as [OrganisationKind, ...OrganisationKind[]]

/** What people come to a point for. */
export const NEED_WORDS = {
  living: '生活交往',
  daily: '日常照料',
  council: '公共议事',
  culture: '文化娱乐',
  comfort: '精神慰藉',
} as const
export type Need = keyof typeof NEED_WORDS
export const NEEDS = Object.keys(NEED_WORDS) as [Need, ...Need[]]

export const RECORD_WORDS = {
  training: '培训',
  honour: '表扬奖励',
  skill: '特长',
  team: '队伍',
  insurance: '保险',
  agreement: '服务协议',
} as const
export type RecordKind = keyof typeof RECORD_WORDS
export const RECORD_KINDS = Object.keys(RECORD_WORDS) as [RecordKind, ...RecordKind[]]
