/** The container stacks this catalog can deploy: image, default tag, port of the web page and where its data lives. */
export const stacks = {
  'uptime-kuma': { title: 'Uptime Kuma', image: 'louislam/uptime-kuma', tag: '2', port: 3001, inside: 3001, data: '/app/data' },
  adguard: { title: 'AdGuard Home', image: 'adguard/adguardhome', tag: 'latest', port: 3080, inside: 3000, data: '/opt/adguardhome/work' },
  freshrss: { title: 'FreshRSS', image: 'freshrss/freshrss', tag: 'latest', port: 3081, inside: 80, data: '/var/www/FreshRSS/data' },
  gitea: { title: 'Gitea', image: 'gitea/gitea', tag: 'latest', port: 3082, inside: 3000, data: '/data' },
  grafana: { title: 'Grafana', image: 'grafana/grafana', tag: 'latest', port: 3083, inside: 3000, data: '/var/lib/grafana' },
  portainer: { title: 'Portainer', image: 'portainer/portainer-ce', tag: 'latest', port: 9000, inside: 9000, data: '/data' },
  vaultwarden: { title: 'Vaultwarden', image: 'vaultwarden/server', tag: 'latest', port: 3084, inside: 80, data: '/data' },
}

/** The compose file of a stack. */
export function composeFile(name, stack, tag) {
  return `name: ${name}
services:
  ${name}:
    image: ${stack.image}:${tag}
    restart: unless-stopped
    ports:
      - "${stack.port}:${stack.inside}"
    volumes:
      - data:${stack.data}
volumes:
  data:
`
}
