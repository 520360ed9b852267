import { useSpeech } from '../core/speech'
import { Button } from './button'

/** 读给我听, where the platform has a Chinese voice; nothing where it hasn't. */
export function ReadAloud({ text, className }: { text: string; className?: string }) {
  const speech = useSpeech()
  if (speech === null) return null
  return (
    <Button
      kind="card"
      icon="speaker"
      className={className}
      onTap={() => (speech.speaking ? speech.stop() : speech.speak(text))}
    >
      {speech.speaking ? '先别读了' : '读给我听'}
    </Button>
  )
}
