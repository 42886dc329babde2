import { InputError } from '../../search-space/input-error.ts';
import { checkNesting } from '../../search-space/nesting.ts';
import { parseLenientJson } from './lenient-json.ts';

/** Parses JSON from outside. Throws InputError if it is invalid or nested too deep. */
export function parseJson(field: string, text: string): unknown {
  const data = parse(field, text);
  checkNesting(data, field);
  return data;
}

function parse(field: string, text: string): unknown {
  try {
    return parseLenientJson(text);
  } catch (error) {
    throw new InputError(field, `is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
