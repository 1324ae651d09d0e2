/** Of the browser's declarations, which the server's adapter needs alone: https://fetch.spec.whatwg.org/#requestinfo */
type RequestInfo = Request | string;
