import { useEffect, useState } from 'react'
import type { Speech } from './speech'

/** Slower than the browser speaks by itself. */
const RATE = 0.85

/** The browser's version of ./speech: null until a Chinese voice is there, and where there never is one. */
export function useSpeech(): Speech | null {
  const voice = useChineseVoice()
  const [speaking, setSpeaking] = useState(false)
  useEffect(() => () => window.speechSynthesis?.cancel(), [])
  if (voice === null) return null
  const stop = () => {
    window.speechSynthesis.cancel()
    setSpeaking(false)
  }
  const speak = (text: string) => {
    stop()
    const words = new SpeechSynthesisUtterance(text)
    words.voice = voice
    words.lang = voice.lang
    words.rate = RATE
    words.onend = () => setSpeaking(false)
    words.onerror = () => setSpeaking(false)
    window.speechSynthesis.speak(words)
    setSpeaking(true)
  }
  return { speaking, speak, stop }
}

/** Voices are loaded after the page; Mandarin before the other Chinese languages. */
function useChineseVoice(): SpeechSynthesisVoice | null {
  const [voice, setVoice] = useState<SpeechSynthesisVoice | null>(null)
  useEffect(() => {
    const speech = window.speechSynthesis
    if (speech === undefined) return
    const look = () => {
      const chinese = speech.getVoices().filter(({ lang }) => lang.toLowerCase().startsWith('zh'))
      setVoice(chinese.find(({ lang }) => lang.endsWith('CN')) ?? chinese[0] ?? null)
    }
    look()
    speech.addEventListener?.('voiceschanged', look)
    return () => speech.removeEventListener?.('voiceschanged', look)
  }, [])
  return voice
}
