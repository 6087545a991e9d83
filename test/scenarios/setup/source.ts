import { sshOk } from './harness.ts'

const script = `set -e
export DEBIAN_FRONTEND=noninteractive GNUPGHOME=/root/.gnupg-scenario
apt-get install -y -qq --no-install-recommends gnupg dpkg-dev > /dev/null
mkdir -p -m 700 $GNUPGHOME
mkdir -p /root/repository/dists/any/main/binary-amd64 /tmp/made/DEBIAN
printf 'Package: zarpe-scenario\\nVersion: 1\\nArchitecture: all\\nMaintainer: Ana <ana@lab.example>\\nDescription: empty\\n' > /tmp/made/DEBIAN/control
cd /root/repository
dpkg-deb --build /tmp/made zarpe-scenario.deb > /dev/null
dpkg-scanpackages . > dists/any/main/binary-amd64/Packages 2> /dev/null
cd dists/any
printf 'Suite: any\\nCodename: any\\nComponents: main\\nArchitectures: amd64\\nDate: %s\\nSHA256:\\n %s %s main/binary-amd64/Packages\\n' "$(date -Ru)" "$(sha256sum main/binary-amd64/Packages | cut -d' ' -f1)" "$(stat -c %s main/binary-amd64/Packages)" > Release
gpg --batch --quiet --passphrase '' --quick-generate-key 'Scenario <scenario@lab.example>' rsa3072 sign
gpg --batch --quiet --clearsign --output InRelease Release
gpg --armor --export > ../../key.asc
systemd-run --quiet --unit=scenario-repository /root/node -e '
  require("node:http").createServer((request, response) =>
    require("node:fs").createReadStream("/root/repository" + request.url)
      .on("error", () => response.writeHead(404).end()).pipe(response)).listen(8999, "127.0.0.1")'
gpg --list-keys --with-colons | grep ^fpr | cut -d: -f10
`

/** Makes a signed package source with one package on the server itself; answers its fingerprint. */
export const makeSource = async (server: string): Promise<string> =>
  (await sshOk(server, 'sh -s', script)).trim()
