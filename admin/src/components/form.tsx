import { Button, Form, type FormInstance, Modal } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import type { Failure } from '../core/call'
import { useAction } from '../core/use-action'
import { Refused } from './states'

/**
 * Puts a refusal under the field it is about. The server names fields as in its input ("person.idNumber"); a form that
 * shows only that part of the input may name it "idNumber".
 *
 * @returns whether the form has that field; if not, the refusal belongs beside the button
 */
export function placeRefusal(form: FormInstance, failure: Failure): boolean {
  const { field } = failure
  if (!field) return false
  const names = form.getFieldsError().map(({ name }) => name)
  const found = names.find((name) => {
    const dotted = name.join('.')
    return dotted === field || field.endsWith(`.${dotted}`) || dotted.endsWith(`.${field}`)
  })
  if (!found) return false
  form.setFields([{ name: found, errors: [failure.sentence] }])
  form.scrollToField(found, { block: 'center', focus: true })
  return true
}

/** A form's submission: one at a time, refusals under their fields, what is left beside the button. */
export function useSubmit<Values, R>(
  form: FormInstance<Values>,
  submit: (values: Values) => Promise<R>,
  done: (result: R) => void,
) {
  const { run, busy, failure, clear } = useAction(submit, done)
  const [unplaced, setUnplaced] = useState<Failure | null>(null)
  useEffect(() => {
    setUnplaced(failure !== null && !placeRefusal(form, failure) ? failure : null)
  }, [failure, form])
  return { submit: (values: Values) => run(values), busy, failure: unplaced, clear }
}

interface FormDialogProps<Values, R> {
  title: string
  open: boolean
  onClose: () => void
  submit: (values: Values) => Promise<R>
  done: (result: R) => void
  okText?: string
  danger?: boolean
  initial?: Partial<Values>
  note?: ReactNode
  children: ReactNode
  width?: number
}

/** A small form over the page. It stays open with its refusal until it is right or given up. */
export function FormDialog<Values extends object, R>(props: FormDialogProps<Values, R>) {
  return (
    <Modal
      title={props.title}
      open={props.open}
      onCancel={props.onClose}
      footer={null}
      destroyOnHidden
      width={props.width ?? 480}
    >
      {props.open && <DialogForm {...props} />}
    </Modal>
  )
}

function DialogForm<Values extends object, R>({
  onClose,
  submit,
  done,
  okText = '保存',
  danger = false,
  initial,
  note,
  children,
}: FormDialogProps<Values, R>) {
  const [form] = Form.useForm<Values>()
  const action = useSubmit(form, submit, (result) => {
    done(result)
    onClose()
  })
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={initial as Values}
      scrollToFirstError={{ block: 'center', focus: true }}
      onFinish={action.submit}
      className="form"
      autoComplete="off"
    >
      {note}
      {children}
      <Refused failure={action.failure} />
      <div className="row" style={{ justifyContent: 'flex-end', marginTop: 12 }}>
        <Button onClick={onClose}>取消</Button>
        <Button type="primary" danger={danger} htmlType="submit" loading={action.busy}>
          {okText}
        </Button>
      </div>
    </Form>
  )
}
