/** WeChat keeps the package of a mini-program on the phone; see ./shell.h5. */
export function keepShell(): void {}
