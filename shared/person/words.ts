/** What somebody asks about their own data. */
export const DATA_REQUEST_WORDS = {
  correct: '更正',
  erase: '注销',
  relative: '家属申请',
  withhold: '身后不给家属',
  release: '身后可以给家属',
} as const
/** What relatives of somebody who died may ask for (PIPL art. 49), who they are (civil code art. 1045), by which papers. */
export const WISH_WORDS = { copy: '要一份副本', correct: '更正', erase: '删除' } as const
export const RELATIVE_WORDS = {
  spouse: '配偶',
  child: '子女',
  parent: '父母',
  sibling: '兄弟姐妹',
  grandparent: '祖父母、外祖父母',
  grandchild: '孙子女、外孙子女',
} as const
export const DEATH_PROOF_WORDS = { deathCertificate: '死亡证明', cancelledRegister: '注销户口的证明' } as const
export const RELATION_PROOF_WORDS = {
  householdRegister: '户口簿',
  marriageCertificate: '结婚证',
  notarised: '公证书',
  villageLetter: '村（居）委会证明',
} as const
export const DATA_STATE_WORDS = { open: '等着办', done: '办好了', refused: '没办成' } as const
export const SEX_WORDS: Record<string, string> = { male: '男', female: '女', unknown: '未登记' }
