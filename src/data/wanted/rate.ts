import { parseBytes } from '../../config/units.ts'

/** Bytes a second, where zarpe.yml names them. */
export const rateOf = ({ rate }: { rate?: string | undefined }): { rate?: number } => {
  const bytes = rate === undefined ? null : parseBytes(rate)
  return bytes === null ? {} : { rate: bytes }
}
