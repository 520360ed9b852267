/** Free of zod: the desk shows these words, and so do its exports. */
export const MEMBER_KIND_WORDS: Record<string, string> = { volunteer: '志愿者', neighbourHelper: '睦邻互助员' }
export const MEMBER_STATE_WORDS: Record<string, string> = { active: '在册', suspended: '暂停', ended: '已退出' }
