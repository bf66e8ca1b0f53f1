"""The web server of the kit: the Office.js add-in and the web page. Stateless; a workbook lives for one request."""
