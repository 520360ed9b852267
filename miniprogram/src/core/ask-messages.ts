import Taro from '@tarojs/taro'

/**
 * WeChat's own question whether these templates may be sent; must be asked in the tap itself. Answers by template whether it
 * was a yes; null when WeChat did not ask at all.
 */
export async function askMessages(templateIds: readonly string[]): Promise<Map<string, boolean> | null> {
  const asked = { tmplIds: [...templateIds], entityIds: [] }
  const answer = await Taro.requestSubscribeMessage(asked).catch(() => null)
  if (answer === null) return null
  const words = new Map(Object.entries(answer))
  return new Map(templateIds.map((one) => [one, words.get(one) === 'accept']))
}

/** Whether there is anybody to ask: a browser has no such messages. */
export const CAN_ASK_MESSAGES = true
