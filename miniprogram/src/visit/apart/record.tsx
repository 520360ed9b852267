import { View } from '@tarojs/components'
import { useState } from 'react'
import { hoursText } from '../../../../shared/core/amounts'
import { dayOf } from '../../../../shared/core/time'
import type { VolunteerRecord } from '../../../../shared/member/view'
import { BigButton, Button } from '../../components/button'
import { List, ListRow, Section, Stats } from '../../components/card'
import { Choices, errorOf, TextInput } from '../../components/field'
import { Page } from '../../components/page'
import { Sheet } from '../../components/sheet'
import { EmptyState, FailureLine, Loaded } from '../../components/states'
import { Dotted, StatusLine } from '../../components/words'
import { get, post } from '../../core/call'
import { now } from '../../core/clock'
import { useSession } from '../../core/session'
import { useAction } from '../../core/use-action'
import { useQuery } from '../../core/use-query'

type About = { about: 'person' | 'visit' | 'training' | 'honour'; aboutId: string | null; title: string }
const ANSWERS = { open: '正在核对', corrected: '已更正', refused: '核对过' } as const

/** 志愿服务档案: what is kept of my volunteering in a year; what isn't right may be said here, and is answered. */
export default function RecordPage() {
  const memberId = useSession()?.me?.member?.id ?? null
  const thisYear = Number(dayOf(now()).slice(0, 4))
  const [year, setYear] = useState(String(thisYear))
  const [wrong, setWrong] = useState<About | null>(null)
  const record = useQuery(memberId === null ? null : `record.${year}`, () =>
    get<VolunteerRecord>(`/members/${memberId}/volunteer-record`, { year }),
  )
  return (
    <Page title="志愿服务档案" back="/person/me">
      <View className="stack">
        <Choices
          label="哪一年"
          layout="even"
          options={[thisYear, thisYear - 1].map((one) => ({ value: String(one), words: `${one} 年` }))}
          value={year}
          onChange={setYear}
        />
        <Loaded query={record} failed="没能打开志愿服务档案" rows={5}>
          {(one) => <Shown record={one} onWrong={setWrong} />}
        </Loaded>
      </View>
      {wrong !== null && (
        <Ask
          about={wrong}
          year={year}
          onClose={() => setWrong(null)}
          done={async () => {
            setWrong(null)
            await record.again()
          }}
        />
      )}
    </Page>
  )
}

function Shown({ record, onWrong }: { record: VolunteerRecord; onWrong: (about: About) => void }) {
  const { total, services, trainings, honours, corrections } = record
  const isAsked = (id: string | null, about: string) =>
    corrections.some((one) => one.state === 'open' && one.about === about && one.aboutId === id)
  const wrong = (about: About) =>
    isAsked(about.aboutId, about.about) ? (
      <StatusLine kind="wait">正在核对</StatusLine>
    ) : (
      <Button kind="text" onTap={() => onWrong(about)}>
        不对
      </Button>
    )
  return (
    <>
      <Stats
        items={[
          { value: String(total.visits), unit: '次', name: '志愿服务' },
          { value: hoursText(total.seconds), unit: '小时', name: '服务' },
          { value: hoursText(total.trainingSeconds), unit: '小时', name: '培训' },
        ]}
      />
      {corrections.length > 0 && (
        <Section title="我提的更正">
          <List>
            {corrections.map((one) => (
              <ListRow
                key={one.id}
                title={one.title}
                note={<Dotted words={[one.text, one.answer ?? one.due]} />}
                status={
                  <StatusLine kind={one.state === 'corrected' ? 'ok' : one.late ? 'warn' : 'wait'}>
                    {ANSWERS[one.state]}
                  </StatusLine>
                }
              />
            ))}
          </List>
        </Section>
      )}
      <Section title="本人">
        <List>
          <ListRow
            title={record.person.maskedName}
            note={<Dotted words={[record.person.area, record.person.maskedPhone, record.person.skills.join('、')]} />}
            action={wrong({ about: 'person', aboutId: null, title: '本人信息' })}
          />
        </List>
      </Section>
      <Section title="服务">
        {services.length === 0 ? (
          <EmptyState title="这一年还没有志愿服务" note="帮过忙、计入以后，会出现在这里" />
        ) : (
          <List>
            {services.map((one) => (
              <ListRow
                key={one.visitId}
                title={<Dotted words={[one.day.slice(5), one.activity]} />}
                note={
                  <Dotted words={[one.place, `${hoursText(one.seconds)} 小时`, one.recordedDay === null && '等确认']} />
                }
                action={wrong({ about: 'visit', aboutId: one.visitId, title: `${one.day} ${one.activity}` })}
              />
            ))}
          </List>
        )}
      </Section>
      {[...trainings, ...honours].length > 0 && (
        <Section title="培训和表扬">
          <List>
            {[
              ...trainings.map((one) => ({ ...one, about: 'training' as const })),
              ...honours.map((one) => ({ ...one, about: 'honour' as const })),
            ].map((one) => (
              <ListRow
                key={one.id}
                title={<Dotted words={[one.day.slice(5), one.title]} />}
                note={one.grantedBy}
                action={wrong({ about: one.about, aboutId: one.id, title: `${one.day} ${one.title}` })}
              />
            ))}
          </List>
        </Section>
      )}
    </>
  )
}

/** What isn't right, in one's own words. */
function Ask({ about, year, onClose, done }: { about: About; year: string; onClose: () => void; done: () => unknown }) {
  const [text, setText] = useState('')
  const send = useAction(
    async (id) => {
      await post('/record-corrections', { id, year, about: about.about, aboutId: about.aboutId, text })
      await done()
    },
    { keptAs: `correction.${about.about}.${about.aboutId ?? ''}` },
  )
  return (
    <Sheet title="哪里不对？" onClose={onClose}>
      <View className="stack">
        <View className="t2">{about.title}。原来的记录会留着，社区核对后答复您。</View>
        <TextInput
          name="text"
          kind="long"
          label="应该是怎样"
          value={text}
          maxLength={200}
          error={errorOf(send.failure, 'text')}
          onChange={setText}
        />
        <FailureLine failure={send.failure} />
        <BigButton busy={send.busy} whyNot={text.trim() === '' ? '先写哪里不对' : null} onTap={() => send.run()}>
          交给社区
        </BigButton>
      </View>
    </Sheet>
  )
}
