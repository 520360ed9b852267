import { Fact, Facts } from '../components/page'

/** A scheme as people say it, one line a section. */
export function Sentences({ sentences }: { sentences: readonly { section: string; sentence: string }[] }) {
  return (
    <Facts>
      {sentences.map(({ section, sentence }) => (
        <Fact key={section} label={section}>
          {sentence}
        </Fact>
      ))}
    </Facts>
  )
}
