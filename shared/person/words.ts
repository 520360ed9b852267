/** What somebody asks about their own data. */
export const DATA_REQUEST_WORDS = { correct: '更正', erase: '注销', relative: '家属申请' } as const
export const DATA_STATE_WORDS = { open: '等着办', done: '办好了', refused: '没办成' } as const
export const SEX_WORDS: Record<string, string> = { male: '男', female: '女', unknown: '未登记' }
