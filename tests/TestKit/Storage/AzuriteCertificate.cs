using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FunctionsBroker.TestKit.Storage;

/// <summary>A certificate of the loopback, made for one test run, which only clients that ask for it trust.</summary>
public sealed class AzuriteCertificate : IDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly X509Certificate2 _certificate;

    public AzuriteCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        _certificate = request.CreateSelfSigned(now.AddMinutes(-5), now.AddHours(2));
        File.WriteAllText(CertificateFile, _certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }

    internal IReadOnlyList<string> Arguments => ["--oauth", "basic", "--cert", CertificateFile, "--key", KeyFile];

    /// <summary>The certificate in PEM, for programs that are told what to trust.</summary>
    public string CertificateFile => _folder.Combine("cert.pem");

    private string KeyFile => _folder.Combine("key.pem");

    /// <summary>Makes a handler that trusts this certificate and no other.</summary>
    public SocketsHttpHandler CreateHandler() => new()
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { _certificate },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        },
    };

    public void Dispose()
    {
        _certificate.Dispose();
        _folder.Dispose();
    }
}
