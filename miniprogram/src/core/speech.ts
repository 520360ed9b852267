export interface Speech {
  speaking: boolean
  /** Reads aloud; what is being read is stopped first. */
  speak(text: string): void
  stop(): void
}

/** A voice that reads Chinese, or null where there is none: WeChat has no voice of its own. Browsers: ./speech.h5. */
export function useSpeech(): Speech | null {
  return null
}
