import { Form, Input } from 'antd'
import { useState } from 'react'
import { FormDialog } from '../components/form'
import { post } from '../core/call'
import { useTell } from '../core/use-action'

/** Two buttons of the same weight, and a sentence that says what will happen before it does. */
export function Decide({
  path,
  name,
  body,
  note,
  done,
}: {
  path: string
  /** what it is about, for whoever hears the page */
  name: string
  body: (yes: boolean, reason: string) => object
  note: string
  done: () => unknown
}) {
  const [asked, setAsked] = useState<boolean | null>(null)
  const tell = useTell()
  return (
    <>
      <span className="row" style={{ gap: 8 }}>
        <button type="button" className="txt" aria-label={`同意 ${name}`} onClick={() => setAsked(true)}>
          同意
        </button>
        <button type="button" className="txt" aria-label={`不同意 ${name}`} onClick={() => setAsked(false)}>
          不同意
        </button>
      </span>
      <FormDialog<{ reason?: string }, unknown>
        title={asked === true ? '同意' : '不同意'}
        open={asked !== null}
        onClose={() => setAsked(null)}
        okText={asked === true ? '同意' : '不同意'}
        note={<p>{note}</p>}
        submit={({ reason }) => post(path, body(asked === true, reason?.trim() ?? ''))}
        done={() => {
          tell('记下了')
          done()
        }}
      >
        <Form.Item name="reason" label="说明（可以不写）">
          <Input maxLength={60} />
        </Form.Item>
      </FormDialog>
    </>
  )
}
