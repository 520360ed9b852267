/** Writes the service worker of a build into its folder. @returns the version */
export function writeShell(source: string, folder: string): string
