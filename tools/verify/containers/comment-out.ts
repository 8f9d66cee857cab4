/** The compose file with these services, and their lines in x-needs, commented out as an operator does it. */
export function commentedOut(compose: string, services: readonly string[]): string {
  let section = '';
  let service = '';
  return compose
    .split('\n')
    .map((line) => {
      const top = /^([\w-]+):/.exec(line)?.[1];
      if (top) [section, service] = [top, ''];
      const own = /^ {2}([\w-]+):/.exec(line)?.[1];
      if (own) service = own;
      return ['services', 'x-needs'].includes(section) && services.includes(service) && line.trim() !== ''
        ? `# ${line}`
        : line;
    })
    .join('\n');
}
