/** Who said it: the elder by a face, who acts for the elder by another, the elder on the telephone by a score of 1 to 5. */
export const RATING_WORDS = { elder: '老人的笑脸', proxy: '代办人的笑脸', call: '电话回访' } as const
export type RatingHow = keyof typeof RATING_WORDS
export const RATING_HOWS = Object.keys(RATING_WORDS) as [RatingHow, ...RatingHow[]]
/** Who wasn't content is looked at first. */
export const LOW_FACE = 1
export const LOW_CALL = 2
