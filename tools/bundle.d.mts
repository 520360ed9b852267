export function bundleServer(entry?: string, ...more: string[]): Promise<string>
