#!/usr/bin/env node
console.log('nightshift');
