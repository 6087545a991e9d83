import type { Directive } from '../model.ts'

// What the edge does by itself, or what changes nothing of which service answers.
const quiet = [
  /^(user|pid|daemon|worker_\w+|load_module|error_log|access_log|log_format|log_not_found)$/,
  /^(ssl_\w+|ssl|http2|http3|gzip|gzip_\w+|brotli|brotli_\w+|resolver|resolver_timeout)$/,
  /^(sendfile|tcp_\w+|keepalive_\w+|types|types_hash_\w+|default_type|charset|server_tokens|etag)$/,
  /^(server_names_hash_\w+|open_file_cache\w*|reset_timedout_connection|port_in_redirect|absolute_redirect)$/,
  /^(proxy_http_version|proxy_redirect|proxy_set_header|proxy_hide_header|proxy_buffer\w*|proxy_busy_\w+)$/,
  /^(proxy_cache_bypass|proxy_socket_keepalive|proxy_request_buffering|root|index|expires|error_page)$/,
  /^(proxy_connect_timeout|client_body_buffer_size|large_client_header_buffers|client_header_buffer_size)$/,
]

/** Pieces that the packages of nginx bring along. */
const usualPieces =
  /(^|\/)(mime\.types|(fastcgi|uwsgi|scgi|proxy)_params|fastcgi\.conf|options-ssl[\w-]*\.conf)$/
/** Folders of sites, which are read by themselves. */
const usualFolders = /(^|\/)(modules-enabled|conf\.d|http\.d|sites-enabled)\//

/** Whether it is known what an include brings, without having read it. */
export const isUsualInclude = (path: string, level: 'http' | 'server'): boolean =>
  usualPieces.test(path) || (level === 'http' && usualFolders.test(path))

/** Whether nothing is lost when a directive of nginx has no counterpart. */
export const isQuiet = ({ words }: Directive): boolean => {
  const [name = '', first = ''] = words
  if (name === 'include') return isUsualInclude(first, 'http')
  return quiet.some((pattern) => pattern.test(name))
}
