// The site's one script. Pages are whole without it: it only adds the search.
import { startSearch } from './cerca.js';

for (const box of document.querySelectorAll('.cerca')) startSearch(box);
