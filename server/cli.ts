import { parseArgs } from 'node:util'
import { REFUSALS, Refusal } from '../shared/core/refusals'
import { commands } from './cli/commands'
import { BadConfig } from './core/config'

/** Exit codes of the operator's commands: 0 done · 1 the answer is no (an audit found something) · 2 asked wrongly · 3 it broke. */
async function main(argv: string[]): Promise<number> {
  const words = argv.filter((word) => !word.startsWith('-'))
  const command = commands.find((one) => one.name.split(' ').every((word, at) => words[at] === word))
  if (command === undefined || argv.includes('--help') || argv.includes('-h')) {
    if (command === undefined && words.length > 0 && words[0] !== 'help') {
      console.error(`No such command: ${words.join(' ')}\n\n${help(commands)}`)
      return 2
    }
    console.log(help(command === undefined ? commands : [command]))
    return 0
  }
  const from = argv.indexOf(command.name.split(' ').at(-1) as string) + 1
  const { values, positionals } = parseArgs({
    args: argv.slice(from),
    options: { ...command.options, json: { type: 'boolean' } },
    allowPositionals: true,
  })
  if (positionals.length !== command.takes.length) {
    console.error(help([command]))
    return 2
  }
  return command.run({
    values: values as Record<string, string | boolean | undefined>,
    positionals,
    json: values.json === true,
  })
}

function help(list: typeof commands): string {
  const lines = list.map(({ name, takes, options, summary }) => {
    const flags = Object.keys(options)
      .map((flag) => ` [--${flag} …]`)
      .join('')
    return `  mulin ${name}${takes.map((one) => ` <${one}>`).join('')}${flags}\n      ${summary}`
  })
  return `${lines.join('\n')}\n  Every command: [--json] answers as one JSON object · DATABASE_URL says on which database.`
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (error instanceof Refusal) {
      console.error(`${REFUSALS[error.code][1]}${error.detail === undefined ? '' : ` ${JSON.stringify(error.detail)}`}`)
      process.exit(1)
    }
    const asked = error instanceof TypeError && (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS')
    console.error(error instanceof BadConfig || asked ? (error as Error).message : error)
    process.exit(asked ? 2 : 3)
  },
)
