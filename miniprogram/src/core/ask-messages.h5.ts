/** The browser's version of ./ask-messages: WeChat isn't there. */
export async function askMessages(_templateIds: readonly string[]): Promise<Map<string, boolean> | null> {
  return null
}

export const CAN_ASK_MESSAGES = false
