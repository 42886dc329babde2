// Checks the shape of the house: floors, kinds, doors, circles of files, names with two meanings,
// and whether files named in documents exist.
import { complaintsAbout } from './check-house/check.ts';
import { NIGHTSHIFT } from './check-house/house.ts';

const complaints = complaintsAbout('.', NIGHTSHIFT);
for (const line of complaints) console.error(line);
console.log(complaints.length === 0 ? 'The house stands.' : `${complaints.length} complaints`);
process.exitCode = complaints.length === 0 ? 0 : 1;
