/** What a form refuses before it asks the server. The server judges everything again. */
export const REQUIRED = [{ required: true, message: '这一项必须填写' }]

/** At least one tick. Not `required`: a group of boxes can't carry that to a screen reader. */
export const SOME = [
  {
    validator: (_: unknown, chosen: readonly string[] | undefined) =>
      chosen && chosen.length > 0 ? Promise.resolve() : Promise.reject(new Error('请至少选一个')),
  },
]
