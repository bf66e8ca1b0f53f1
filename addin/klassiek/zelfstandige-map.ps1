# Voor Windows: een map met Python en de kit erin, om te kopiëren naar computers zonder netwerk of Python.
#   powershell -ExecutionPolicy Bypass -File zelfstandige-map.ps1 -Wheel voorbereidingskit-0.1.0-py3-none-any.whl -Uit D:\kit
param([Parameter(Mandatory)][string]$Wheel, [Parameter(Mandatory)][string]$Uit)
$ErrorActionPreference = "Stop"
uv python install 3.12 --install-dir (Join-Path $Uit "python")
$python = (Get-ChildItem -Path (Join-Path $Uit "python") -Filter "python.exe" -Recurse -Depth 1 | Select-Object -First 1).FullName
uv pip install --python $python --break-system-packages $Wheel
$pad = $python.Substring($Uit.TrimEnd("\").Length + 1)
Set-Content -Path (Join-Path $Uit "installeer.cmd") -Encoding ascii -Value "@""%~dp0$pad"" -c ""from kit.cli import main; main(['addin', 'installeer'])""`r`n@pause"
Set-Content -Path (Join-Path $Uit "verwijder.cmd") -Encoding ascii -Value "@""%~dp0$pad"" -c ""from kit.cli import main; main(['addin', 'verwijder'])""`r`n@pause"
Write-Host "Klaar. Kopieer $Uit naar een vaste plaats op de computer van de invuller en start daar installeer.cmd."
